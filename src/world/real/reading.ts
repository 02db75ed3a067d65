/** Reading what files hold: of regular files alone, for a FIFO or a device may go on for ever. */
import * as fs from "node:fs";
import { startDigest } from "../../core/index.ts";
import { DiskError } from "../disk.ts";
import { attempt } from "./attempts.ts";
import { checkPlain } from "./plain-files.ts";

const chunkBytes = 1 << 18;
/** The opening of a FIFO would wait for somebody who writes into it. */
const withoutWaiting = fs.constants.O_RDONLY | fs.constants.O_NONBLOCK;

export function readFile(path: string, limitBytes = Number.POSITIVE_INFINITY): Uint8Array {
  return reading(path, (fd, sizeBytes) => {
    if (sizeBytes <= limitBytes) return fs.readFileSync(fd);
    throw new DiskError({ code: "EFBIG", operation: "read", path });
  });
}

export function* readChunks(path: string, fromByte = 0): Iterable<Uint8Array> {
  let position = fromByte;
  const { fd } = openToRead(path);
  try {
    for (;;) {
      const chunk = Buffer.allocUnsafe(chunkBytes);
      const length = attempt("read", path, () => fs.readSync(fd, chunk, 0, chunkBytes, position));
      if (length === 0) return;
      position += length;
      yield chunk.subarray(0, length);
    }
  } finally {
    fs.closeSync(fd);
  }
}

export function readSlice(path: string, offset: number, length: number): Uint8Array {
  return reading(path, (fd) => {
    const slice = Buffer.allocUnsafe(length);
    return slice.subarray(0, fs.readSync(fd, slice, 0, length, offset));
  });
}

const digestBuffer = Buffer.allocUnsafeSlow(chunkBytes);

/**
 * Called for every file of a tree: the question what it is takes the place of the read that finds its
 * end. No more is read than that answer says: some files of /proc have no size, and go on for ever.
 */
export function digestFile(path: string, see?: (piece: Uint8Array) => void): string {
  return attempt("read", path, () => {
    const fd = fs.openSync(path, withoutWaiting);
    try {
      return digestOf(fd, path, see);
    } finally {
      fs.closeSync(fd);
    }
  });
}

function digestOf(fd: number, path: string, see?: (piece: Uint8Array) => void): string {
  const digest = startDigest();
  let sizeBytes: number | undefined;
  for (let totalBytes = 0; ;) {
    const length = fs.readSync(fd, digestBuffer, 0, chunkBytes, null);
    const piece = digestBuffer.subarray(0, length);
    digest.update(piece);
    if (length > 0) see?.(piece);
    totalBytes += length;
    sizeBytes ??= sizeOfRegular(fd, path);
    if (length === 0 || totalBytes >= sizeBytes) return digest.digest();
  }
}

function openToRead(path: string): { readonly fd: number; readonly sizeBytes: number } {
  const fd = attempt("read", path, () => fs.openSync(path, withoutWaiting));
  try {
    return { fd, sizeBytes: sizeOfRegular(fd, path) };
  } catch (error) {
    fs.closeSync(fd);
    throw error;
  }
}

function sizeOfRegular(fd: number, path: string): number {
  const status = attempt("read", path, () => fs.fstatSync(fd));
  checkPlain("read", path, status);
  return status.size;
}

function reading<Result>(
  path: string,
  use: (descriptor: number, sizeBytes: number) => Result,
): Result {
  const { fd, sizeBytes } = openToRead(path);
  try {
    return attempt("read", path, () => use(fd, sizeBytes));
  } finally {
    fs.closeSync(fd);
  }
}
