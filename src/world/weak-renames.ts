/** Moving without replacing where the file system has no RENAME_NOREPLACE. */
import { DiskError, type Disk, isDiskError } from "./disk.ts";
import { exists, removeTree } from "./files.ts";

/** What renameat2(2) and those who implement it answer to a flag that they do not know. */
const unknownFlag = ["EINVAL", "ENOSYS", "EOPNOTSUPP", "ENOTSUP"];

/** Whether a failed call says that the file system has no RENAME_EXCHANGE or RENAME_NOREPLACE. */
export function lacksRenameFlags(error: unknown): error is DiskError {
  if (!isDiskError(error, ...unknownFlag)) return false;
  return error.operation === "rename" || error.operation === "exchange";
}

/** Whether a file system has RENAME_EXCHANGE and RENAME_NOREPLACE: tried in a folder of the caller's. */
export function hasRenameFlags(disk: Disk, folder: string): boolean {
  const [first, second, third] = ["1", "2", "3"].map((name) => `${folder}/rename-${name}`) as [
    string,
    string,
    string,
  ];
  try {
    disk.createFile(first, "");
    disk.createFile(second, "");
    disk.renameNoReplace(first, third);
    disk.exchange(second, third);
    return true;
  } catch (error) {
    if (!lacksRenameFlags(error)) throw error;
    return false;
  } finally {
    for (const each of [first, second, third]) removeTree(disk, each);
  }
}

/**
 * The same disk, which looks whether the place is free and then renames: one call that a power loss
 * takes whole, as with the flag. What somebody creates there between the look and the call is
 * replaced, if it is not a directory with something in it.
 */
export function withWeakRenames(disk: Disk): Disk {
  return {
    ...disk,
    renameNoReplace: (from, to) => {
      try {
        disk.renameNoReplace(from, to);
      } catch (error) {
        if (!lacksRenameFlags(error)) throw error;
        if (exists(disk, to))
          throw new DiskError({ code: "EEXIST", operation: "rename", path: to });
        disk.rename(from, to);
      }
    },
  };
}
