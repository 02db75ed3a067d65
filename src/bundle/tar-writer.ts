/**
 * Members of a tar archive, as bytes: the form "ustar" of POSIX.1-1988, which every tar reads, and GNU's members `L` and `K` for
 * names of more than 100 bytes, which GNU tar, busybox and libarchive read. Owner is 0, and all times are the same, so that the same
 * files give the same archive. Where a member has a time of its own, a member `x` of POSIX.1-2001 has it to the nanosecond.
 */
import { assert } from "../core/index.ts";

/** `modifiedNs` is since 1970; absent for the time that all have. */
type MemberToWrite = { readonly modifiedNs?: bigint } & (
  | {
      readonly type: "file";
      readonly path: string;
      readonly mode: number;
      readonly sizeBytes: number;
    }
  | { readonly type: "directory"; readonly path: string; readonly mode: number }
  | { readonly type: "link"; readonly path: string; readonly target: string }
);

const blockBytes = 512;
const longestName = 100;
/** The first moment that zip archives know, too. */
export const memberSeconds = Date.UTC(1980, 0, 1) / 1000;

/** What comes before a member's content. */
export function memberHead(member: MemberToWrite): Buffer {
  const { path, type } = member;
  const name = Buffer.from(type === "directory" ? `${path}/` : path);
  const target = Buffer.from(type === "link" ? member.target : "");
  const { modifiedNs } = member;
  const seconds = modifiedNs === undefined ? memberSeconds : Number(modifiedNs / nanoseconds);
  return Buffer.concat([
    ...(modifiedNs === undefined || modifiedNs % nanoseconds === 0n ? [] : exactTime(modifiedNs)),
    ...(name.length > longestName ? longName("L", name) : []),
    ...(target.length > longestName ? longName("K", target) : []),
    header({
      name: name.subarray(0, longestName),
      target: target.subarray(0, longestName),
      kind: { file: "0", link: "2", directory: "5" }[type],
      mode: type === "link" ? 0o777 : member.mode,
      sizeBytes: type === "file" ? member.sizeBytes : 0,
      seconds,
    }),
  ]);
}

const nanoseconds = 1_000_000_000n;

function exactTime(modifiedNs: bigint): Buffer[] {
  const fraction = String(modifiedNs % nanoseconds).padStart(9, "0");
  const rest = ` mtime=${modifiedNs / nanoseconds}.${fraction}\n`;
  // Its own length is a part of it.
  const content = Buffer.from(`${rest.length + 2}${rest}`);
  const head = header({
    name: Buffer.from("./PaxHeaders/time"),
    target: Buffer.alloc(0),
    kind: "x",
    mode: 0o644,
    sizeBytes: content.length,
    seconds: memberSeconds,
  });
  return [head, content, memberTail(content.length)];
}

/** What comes behind content of this size. */
export function memberTail(sizeBytes: number): Buffer {
  return Buffer.alloc((blockBytes - (sizeBytes % blockBytes)) % blockBytes);
}

/** What ends an archive. */
export const archiveEnd = Buffer.alloc(2 * blockBytes);

const batchBytes = 1 << 18;

/** A stream takes as long for a small piece as for a large one. A piece may be overwritten by the next one. */
export function* inLargePieces(pieces: Iterable<Uint8Array>): Generator<Uint8Array> {
  let batch: Uint8Array[] = [];
  let sizeBytes = 0;
  for (const piece of pieces) {
    batch.push(Buffer.from(piece));
    sizeBytes += piece.length;
    if (sizeBytes < batchBytes) continue;
    yield Buffer.concat(batch);
    [batch, sizeBytes] = [[], 0];
  }
  yield Buffer.concat(batch);
}

function longName(kind: string, name: Buffer): Buffer[] {
  const content = Buffer.concat([name, Buffer.alloc(1)]);
  const head = header({
    name: Buffer.from("././@LongLink"),
    target: Buffer.alloc(0),
    kind,
    mode: 0o644,
    sizeBytes: content.length,
    seconds: memberSeconds,
  });
  return [head, content, memberTail(content.length)];
}

interface Header {
  readonly name: Buffer;
  readonly target: Buffer;
  readonly kind: string;
  readonly mode: number;
  readonly sizeBytes: number;
  readonly seconds: number;
}

function header({ name, target, kind, mode, sizeBytes, seconds }: Header): Buffer {
  assert(sizeBytes < 8 ** 11, "a file of 8 GiB or more has no place in this form of archive");
  const block = Buffer.alloc(blockBytes);
  name.copy(block, 0);
  const octal = (value: number, at: number, digits: number): void =>
    void block.write(`${value.toString(8).padStart(digits, "0")}\0`, at, "latin1");
  octal(mode, 100, 7);
  octal(0, 108, 7);
  octal(0, 116, 7);
  octal(sizeBytes, 124, 11);
  octal(seconds, 136, 11);
  block.write(" ".repeat(8), 148, "latin1");
  block.write(kind, 156, "latin1");
  target.copy(block, 157);
  block.write("ustar\u000000", 257, "latin1");
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return block;
}
