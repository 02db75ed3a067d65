/**
 * A disk that changes nothing outside of a prefix. A journal, and the trees that it speaks of, may be
 * somebody else's (I15): a step through a symbolic link that leaves the prefix would move files
 * anywhere. Steps of our own never go through links: their paths are rewritten beforehand.
 */
import { isWithin } from "../core/index.ts";
import { type Disk, DiskError } from "../world/index.ts";

/** What leaves the prefix fails with ELOOP. */
export function confine(disk: Disk, prefix: string): Disk {
  const root = disk.realPath(prefix);
  const checkFolder = (operation: string, folder: string, path: string): void => {
    if (isWithin(disk.realPath(folder), root)) return;
    throw new DiskError({ code: "ELOOP", operation, path });
  };
  const check = (operation: string, ...paths: readonly string[]): void => {
    for (const path of paths) {
      checkFolder(operation, path.slice(0, path.lastIndexOf("/")) || "/", path);
    }
  };
  return {
    ...disk,
    digestFile: (path) => {
      check("read", path);
      return disk.digestFile(path);
    },
    createFile: (path, ...rest) => {
      check("create", path);
      disk.createFile(path, ...rest);
    },
    makeDirectory: (path, mode) => {
      check("mkdir", path);
      disk.makeDirectory(path, mode);
    },
    makeLink: (path, target) => {
      check("symlink", path);
      disk.makeLink(path, target);
    },
    hardLink: (from, to) => {
      check("link", from, to);
      disk.hardLink(from, to);
    },
    copyFile: (from, to) => {
      check("copy", from, to);
      checkFolder("copy", from, from);
      disk.copyFile(from, to);
    },
    setMode: (path, mode) => {
      checkFolder("chmod", path, path);
      disk.setMode(path, mode);
    },
    rename: (from, to) => {
      check("rename", from, to);
      disk.rename(from, to);
    },
    renameNoReplace: (from, to) => {
      check("rename", from, to);
      disk.renameNoReplace(from, to);
    },
    exchange: (a, b) => {
      check("exchange", a, b);
      disk.exchange(a, b);
    },
    removeFile: (path) => {
      check("unlink", path);
      disk.removeFile(path);
    },
    removeDirectory: (path) => {
      check("rmdir", path);
      disk.removeDirectory(path);
    },
    removeUnnameable: (directory, rawName) => {
      checkFolder("unlink", directory, directory);
      disk.removeUnnameable(directory, rawName);
    },
  };
}
