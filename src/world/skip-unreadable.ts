/** A look around that must come to an end, whatever cannot be read on the way. */
import { type Disk, DiskError, isDiskError } from "./disk.ts";

/** On this disk no file and no list is where one cannot be read; `onUnreadable` is told of each. */
export function skipUnreadable(disk: Disk, onUnreadable: (error: DiskError) => void): Disk {
  const skipping =
    <More extends readonly unknown[], Result>(read: (path: string, ...more: More) => Result) =>
    (path: string, ...more: More): Result => {
      try {
        return read(path, ...more);
      } catch (error) {
        if (!isDiskError(error) || isDiskError(error, "ENOENT", "ENOTDIR")) throw error;
        onUnreadable(error);
        throw new DiskError({ code: "ENOENT", operation: "read", path, cause: error });
      }
    };
  return { ...disk, list: skipping(disk.list), readFile: skipping(disk.readFile) };
}
