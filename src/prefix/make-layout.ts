/** Making tenon's folders in a prefix, and taking them away when nothing came of it. */
import { isWithin } from "../core/index.ts";
import { type Disk, exists, isDiskError } from "../world/index.ts";
import type { PrefixLayout } from "./layout.ts";
import { checkStateFolders } from "./state-files.ts";

/** Makes the prefix and tenon's folders in it, where they are missing; gives those, outermost first. */
export function makeLayout(disk: Disk, layout: PrefixLayout): string[] {
  checkStateFolders(disk, layout);
  const made: string[] = [];
  for (const folder of [layout.packages, layout.transactions, layout.history]) {
    makeMissing(disk, folder, made);
  }
  return made;
}

/**
 * The mode of a folder of tenon's: where a group shares the folder above (its set-group-ID bit says
 * so), all its members may change what is in it, whatever the umask.
 */
export function modeBelow(disk: Disk, folder: string): number {
  const mode = disk.statusOfTarget(folder)?.mode ?? 0;
  return 0o755 | ((mode & 0o2000) === 0 ? 0 : mode & 0o2020);
}

/** The mode of a lock in a folder: only who may write there may have it. */
export function lockModeBelow(disk: Disk, folder: string): number {
  return (modeBelow(disk, folder) & 0o020) === 0 ? 0o600 : 0o660;
}

function makeMissing(disk: Disk, folder: string, made: string[]): void {
  if (exists(disk, folder)) return;
  const parent = folder.slice(0, folder.lastIndexOf("/")) || "/";
  makeMissing(disk, parent, made);
  try {
    disk.makeDirectory(folder, modeBelow(disk, parent));
    made.push(folder);
  } catch (error) {
    if (!isDiskError(error, "EEXIST")) throw error; // another process has made it at this moment
  }
}

/**
 * Removes what `makeLayout` has made, when no transaction came of it. Another process that is about
 * to fill the prefix holds its lock, or has a folder there already.
 */
export function unmakeLayout(disk: Disk, layout: PrefixLayout, made: readonly string[]): void {
  if (!made.includes(layout.state)) return;
  try {
    const lock = disk.tryLock(layout.lock, lockModeBelow(disk, layout.state));
    if (lock === undefined) return;
    try {
      for (const folder of [layout.transactions, layout.history, layout.packages]) {
        disk.removeDirectory(folder);
      }
      disk.removeFile(layout.lock);
      const rest = made.filter((folder) => isWithin(layout.state, folder));
      for (const folder of rest.reverse()) disk.removeDirectory(folder);
    } finally {
      lock.release();
    }
  } catch (error) {
    if (!isDiskError(error)) throw error; // it is in use, or may stay
  }
}
