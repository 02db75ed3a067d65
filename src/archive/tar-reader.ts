/** Reading a tar archive member by member, in bounded memory. */
import { type ByteSource, sourceOf } from "./byte-source.ts";
import { refusal } from "./refusal.ts";
import {
  blockBytes,
  isZeroBlock,
  parsePax,
  parseTarHeader,
  type TarHeader,
  untilNul,
} from "./tar-header.ts";

type TarMemberType = "file" | "directory" | "link" | "hard-link" | "special";

export interface TarMember {
  readonly type: TarMemberType;
  readonly name: string;
  /** Of a link or a hard link. */
  readonly target: string;
  readonly mode: number;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
}

interface TarOptions {
  /** How errors name the archive. */
  readonly archive: string;
  /** Whether the zero block at the end is demanded: only it shows that a plain tar is complete. */
  readonly needsEnd: boolean;
  /** Is given each member; what it leaves of the body is skipped. */
  readonly take: (member: TarMember, body: AsyncIterable<Uint8Array>) => Promise<void> | void;
}

export async function readTar(
  stream: AsyncIterable<Uint8Array>,
  options: TarOptions,
): Promise<void> {
  const source = sourceOf(stream);
  const globals = new Map<string, Uint8Array>();
  let extras: Extras = {};
  for (let previous: string | undefined; ;) {
    const header = await readHeader(source, options, previous);
    if (header === undefined) break;
    if (metaFlags.has(header.typeFlag)) {
      const content = await readMeta(source, options, header);
      extras = applyMeta(options.archive, header, content, { extras, globals });
      continue;
    }
    const member = memberFrom(options.archive, header, globals, extras);
    extras = {};
    previous = member.name;
    await readBody(source, options, member);
  }
  await source.drain();
}

/** What the headers before a member say about it. */
interface Extras {
  readonly pax?: Map<string, Uint8Array>;
  readonly longName?: Uint8Array;
  readonly longTarget?: Uint8Array;
}

const metaFlags = new Set(["x", "X", "g", "L", "K", "V"]);
const metaLimitBytes = 1 << 20;

const memberTypes: Readonly<Record<string, TarMemberType>> = {
  "0": "file",
  "\0": "file",
  "7": "file",
  "1": "hard-link",
  "2": "link",
  "3": "special",
  "4": "special",
  "5": "directory",
  "6": "special",
};

async function readHeader(
  source: ByteSource,
  options: TarOptions,
  previous: string | undefined,
): Promise<TarHeader | undefined> {
  const block = await source.read(blockBytes);
  if (block.length === 0 && !options.needsEnd) return undefined;
  if (block.length < blockBytes) throw truncated(options.archive, previous);
  if (isZeroBlock(block)) return undefined;
  const header = parseTarHeader(block);
  if (header !== undefined) return header;
  const where = previous === undefined ? "first member" : "member after this one";
  throw refusal(
    "DAMAGED",
    { archive: options.archive, member: previous },
    `is damaged: the header of the ${where} has a wrong checksum or number`,
  );
}

async function readMeta(
  source: ByteSource,
  options: TarOptions,
  header: TarHeader,
): Promise<Uint8Array> {
  const { archive } = options;
  if (header.sizeBytes > metaLimitBytes)
    throw refusal("BOMB", { archive }, `has an extended header of ${header.sizeBytes} bytes`);
  const content = await source.read(header.sizeBytes);
  const padding = await source.read(paddingOf(header.sizeBytes));
  if (content.length < header.sizeBytes || padding.length < paddingOf(header.sizeBytes))
    throw truncated(archive, undefined);
  return content;
}

function applyMeta(
  archive: string,
  header: TarHeader,
  content: Uint8Array,
  state: { extras: Extras; globals: Map<string, Uint8Array> },
): Extras {
  const { extras, globals } = state;
  if (header.typeFlag === "V") return extras; // a volume's label
  if (header.typeFlag === "L") return { ...extras, longName: untilNul(content) };
  if (header.typeFlag === "K") return { ...extras, longTarget: untilNul(content) };
  const records = parsePax(content);
  if (records === undefined)
    throw refusal("DAMAGED", { archive }, "is damaged: an extended header cannot be read");
  if (header.typeFlag !== "g") return { ...extras, pax: records };
  for (const [key, value] of records) globals.set(key, value);
  return extras;
}

function memberFrom(
  archive: string,
  header: TarHeader,
  globals: ReadonlyMap<string, Uint8Array>,
  extras: Extras,
): TarMember {
  const record = (key: string): Uint8Array | undefined => extras.pax?.get(key) ?? globals.get(key);
  const name = decode(archive, record("path") ?? extras.longName ?? header.name);
  const target = decode(archive, record("linkpath") ?? extras.longTarget ?? header.linkName, name);
  const stored = memberTypes[header.typeFlag];
  const isSparse = [...(extras.pax?.keys() ?? [])].some((key) => key.startsWith("GNU.sparse."));
  if (stored === undefined || isSparse) {
    const kind = isSparse || header.typeFlag === "S" ? "a sparse file" : `of an unknown type`;
    throw refusal(
      "UNSUPPORTED",
      { archive, member: name },
      `is ${kind}, which tenon does not unpack`,
    );
  }
  // Archives from before ustar mark a directory by the slash at its name's end.
  const type = stored === "file" && name.endsWith("/") ? "directory" : stored;
  const sizeBytes = numberIn(archive, name, record("size"), header.sizeBytes);
  if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 0)
    throw refusal("DAMAGED", { archive, member: name }, "has a size that cannot be");
  const seconds = numberIn(archive, name, record("mtime"), header.modifiedSeconds);
  return {
    type,
    name,
    target,
    mode: header.mode,
    sizeBytes: stored === "file" ? sizeBytes : 0,
    modifiedMs: seconds * 1000,
  };
}

function numberIn(
  archive: string,
  name: string,
  record: Uint8Array | undefined,
  stored: number,
): number {
  if (record === undefined) return stored;
  const text = Buffer.from(record).toString("latin1");
  if (/^-?\d+(\.\d*)?$/.test(text)) return Number(text);
  throw refusal("DAMAGED", { archive, member: name }, "has an extended header with a wrong number");
}

async function readBody(source: ByteSource, options: TarOptions, member: TarMember): Promise<void> {
  let missing = member.sizeBytes;
  const body = async function* (): AsyncGenerator<Uint8Array> {
    for await (const piece of source.pieces(missing)) {
      missing -= piece.length;
      yield piece;
    }
    if (missing > 0) throw truncated(options.archive, member.name);
  };
  await options.take(member, body());
  for await (const _ of body());
  const padding = paddingOf(member.sizeBytes);
  if ((await source.read(padding)).length < padding) throw truncated(options.archive, member.name);
}

function paddingOf(sizeBytes: number): number {
  return (blockBytes - (sizeBytes % blockBytes)) % blockBytes;
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function decode(archive: string, bytes: Uint8Array, member?: string): string {
  try {
    return utf8.decode(bytes);
  } catch {
    const shown = Buffer.from(bytes).toString("latin1");
    const what = member === undefined ? "has a name" : "has a link target";
    throw refusal("NAME", { archive, member: member ?? shown }, `${what} that is not UTF-8`);
  }
}

function truncated(archive: string, member: string | undefined): Error {
  const what =
    member === undefined
      ? "is cut off: it ends before its end mark"
      : "is the last one: the archive is cut off within or after it";
  return refusal("DAMAGED", { archive, member }, what);
}
