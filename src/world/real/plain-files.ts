/** Opening a regular file and nothing else: no symlink is followed, and nothing is waited for. */
import * as fs from "node:fs";
import { DiskError, type PlainFile } from "../disk.ts";
import { attempt } from "./attempts.ts";

export const plainFlags = fs.constants.O_NOFOLLOW | fs.constants.O_NONBLOCK;

export function readPlainFile(path: string, limitBytes: number): PlainFile {
  return attempt("read", path, () => {
    const fd = fs.openSync(path, fs.constants.O_RDONLY | plainFlags);
    try {
      const status = fs.fstatSync(fd);
      checkPlain("read", path, status);
      if (status.size > limitBytes) throw new DiskError({ code: "EFBIG", operation: "read", path });
      return {
        content: readUpTo(fd, status.size),
        mode: status.mode & 0o7777,
        ownerId: status.uid,
      };
    } finally {
      fs.closeSync(fd);
    }
  });
}

/** As much as it held when it was opened: what grows meanwhile is not read for ever. */
function readUpTo(fd: number, sizeBytes: number): Buffer {
  const content = Buffer.allocUnsafe(sizeBytes);
  let length = 0;
  while (length < sizeBytes) {
    const read = fs.readSync(fd, content, length, sizeBytes - length, null);
    if (read === 0) break;
    length += read;
  }
  return content.subarray(0, length);
}

export function checkPlain(operation: string, path: string, status: fs.Stats): void {
  if (status.isFile()) return;
  throw new DiskError({ code: status.isDirectory() ? "EISDIR" : "ENXIO", operation, path });
}
