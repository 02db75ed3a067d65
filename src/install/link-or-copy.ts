/** A second name for a file or link, or a copy where there cannot be one. */
import { type Disk, isDiskError } from "../world/index.ts";

export function linkOrCopy(disk: Disk, from: string, to: string): void {
  try {
    disk.hardLink(from, to);
  } catch (error) {
    if (!isLinkRefused(error)) throw error;
    copyEntry(disk, from, to);
  }
}

/** A hard link needs the same file system, and some forbid one to another person's file. */
export function isLinkRefused(error: unknown): boolean {
  return isDiskError(error, "EXDEV", "EPERM", "EMLINK", "EOPNOTSUPP", "ENOSYS");
}

/** A file or link as one of its own. */
export function copyEntry(disk: Disk, from: string, to: string): void {
  if (disk.status(from)?.type === "link") disk.makeLink(to, disk.readLink(from));
  else disk.copyFile(from, to);
}
