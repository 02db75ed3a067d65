/** Copies of files, and copies that are hashed while they are written. */
import * as fs from "node:fs";
import { type Digest, digestOf, startDigest } from "../../core/index.ts";
import { type CopiedFile, DiskError } from "../disk.ts";
import { attempt, attemptBoth } from "./attempts.ts";
import { systemCalls } from "./system-calls.ts";

const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = fs.constants;
const chunk = Buffer.allocUnsafeSlow(1 << 18);

export function copyFile(from: string, to: string): void {
  attemptBoth("copy", { from, to }, () => {
    fs.copyFileSync(from, to, fs.constants.COPYFILE_EXCL | fs.constants.COPYFILE_FICLONE);
    const { mtimeNs, mode } = fs.statSync(from, { bigint: true });
    const modified = Number(mtimeNs) / 1e9;
    fs.utimesSync(to, modified, modified);
    fs.chmodSync(to, Number(mode) & 0o7777);
  });
}

/** Nothing waits for a writer of a pipe here: it is opened without blocking, and refused. */
export function copyChecked(
  from: string,
  to: string,
  { share }: { readonly share: boolean },
): CopiedFile {
  const source = attempt("copy", from, () => fs.openSync(from, O_RDONLY | O_NOFOLLOW | O_NONBLOCK));
  try {
    const stats = attempt("copy", from, () => fs.fstatSync(source));
    if (!stats.isFile()) throw new DiskError({ code: "EINVAL", operation: "copy", path: from });
    return attempt("copy", to, () => writeCopy(source, to, { stats, share }));
  } finally {
    fs.closeSync(source);
  }
}

function writeCopy(
  source: number,
  to: string,
  { stats, share }: { readonly stats: fs.Stats; readonly share: boolean },
): CopiedFile {
  const mode = stats.mode & 0o7777;
  const { mtimeMs: modifiedMs } = stats;
  const target = fs.openSync(to, "wx", 0o600);
  try {
    const isShared = share && systemCalls().shareBlocks(target, source);
    const sha256 = isShared ? undefined : pump(source, target, stats.size);
    fs.futimesSync(target, modifiedMs / 1000, modifiedMs / 1000);
    fs.fchmodSync(target, mode);
    const copied = { mode, modifiedMs, sizeBytes: stats.size };
    return sha256 === undefined ? copied : { ...copied, sha256 };
  } catch (error) {
    fs.rmSync(to, { force: true });
    throw error;
  } finally {
    fs.closeSync(target);
  }
}

/** As much as there was at first: what is added meanwhile is not of the file that was asked for. */
function pump(source: number, target: number, sizeBytes: number): Digest {
  const first = readPiece(source, target, sizeBytes);
  if (first.length === sizeBytes) return digestOf(first); // in half the time
  const digest = startDigest();
  let left = sizeBytes;
  for (let piece = first; piece.length > 0; piece = readPiece(source, target, left)) {
    digest.update(piece);
    left -= piece.length;
  }
  return digest.digest();
}

function readPiece(source: number, target: number, most: number): Uint8Array {
  const length = most === 0 ? 0 : fs.readSync(source, chunk, 0, Math.min(most, chunk.length), null);
  for (let at = 0; at < length;) at += fs.writeSync(target, chunk, at, length - at, null);
  return chunk.subarray(0, length);
}
