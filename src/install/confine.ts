/**
 * A disk that changes nothing outside of a prefix. A journal, and the trees that it speaks of, may be
 * somebody else's (I15): a step through a symbolic link that leaves the prefix would move files
 * anywhere. Steps of our own never go through links: their paths are rewritten beforehand.
 */
import { isWithin, parentOf } from "../core/index.ts";
import { type Disk, DiskError } from "../world/index.ts";

/** What leaves the prefix fails with ELOOP. */
export function confine(disk: Disk, prefix: string): Disk {
  const root = disk.realPath(prefix);
  const check = (operation: string, folder: string, path: string): void => {
    if (isWithin(disk.realPath(folder), root)) return;
    throw new DiskError({ code: "ELOOP", operation, path });
  };
  /** Changes one entry of a folder, or reads it. */
  const entry =
    <More extends readonly unknown[], Result>(
      operation: string,
      act: (path: string, ...more: More) => Result,
    ) =>
    (path: string, ...more: More): Result => {
      check(operation, parentOf(path) || "/", path);
      return act(path, ...more);
    };
  /** Changes two. */
  const entries = (operation: string, act: (from: string, to: string) => void) =>
    entry(operation, (from, to: string) => entry(operation, (path) => act(from, path))(to));
  /** Changes what a path leads to, also through a link. */
  const target =
    <More extends readonly unknown[]>(
      operation: string,
      act: (path: string, ...more: More) => void,
    ) =>
    (path: string, ...more: More): void => {
      check(operation, path, path);
      act(path, ...more);
    };
  return {
    ...disk,
    digestFile: entry("read", disk.digestFile),
    createFile: entry("create", disk.createFile),
    makeDirectory: entry("mkdir", disk.makeDirectory),
    makeLink: entry("symlink", disk.makeLink),
    hardLink: entries("link", disk.hardLink),
    copyFile: entries("copy", target("copy", disk.copyFile)),
    setMode: target("chmod", disk.setMode),
    rename: entries("rename", disk.rename),
    renameNoReplace: entries("rename", disk.renameNoReplace),
    exchange: entries("exchange", disk.exchange),
    removeFile: entry("unlink", disk.removeFile),
    removeDirectory: entry("rmdir", disk.removeDirectory),
    removeUnnameable: target("unlink", disk.removeUnnameable),
  };
}
