/** Where tenon keeps its own files in a prefix. */
import { isWithin } from "../core/index.ts";
import { type Disk, exists, isDiskError } from "../world/index.ts";

/** Relative to the prefix; no stage may reach into it. */
export const statePath = "var/lib/tenon";

/**
 * `lock`, the kernel lock; `packages/NAME.json`, one record a package; `journal.json`, there only
 * while a transaction is unfinished; `tx/ID/`, what a transaction brings and what it displaced;
 * `history/ID.json`, one line of facts a transaction; `index/`, who lists which path, derived.
 */
export interface PrefixLayout {
  readonly prefix: string;
  readonly state: string;
  readonly lock: string;
  readonly packages: string;
  readonly journal: string;
  readonly transactions: string;
  readonly history: string;
  readonly index: string;
  readonly catalogue: string;
}

export function layoutOf(prefix: string): PrefixLayout {
  const state = `${prefix}/${statePath}`;
  return {
    prefix,
    state,
    lock: `${state}/lock`,
    packages: `${state}/packages`,
    journal: `${state}/journal.json`,
    transactions: `${state}/tx`,
    history: `${state}/history`,
    index: `${state}/index`,
    catalogue: `${state}/index/catalogue.json`,
  };
}

/** The prefix by its real path, so that a symlinked prefix and its target are one. */
export function resolvePrefix(disk: Disk, prefix: string): string {
  const path = prefix.replace(/(?<=.)\/+$/, "");
  if (exists(disk, path)) return disk.realPath(path);
  const at = path.lastIndexOf("/");
  if (at < 0) return path;
  const parent = resolvePrefix(disk, path.slice(0, at) || "/");
  return `${parent === "/" ? "" : parent}${path.slice(at)}`;
}

/** Makes the prefix and tenon's folders in it, where they are missing; gives those, outermost first. */
export function makeLayout(disk: Disk, layout: PrefixLayout): string[] {
  const made: string[] = [];
  for (const folder of [layout.packages, layout.transactions, layout.history]) {
    makeMissing(disk, folder, made);
  }
  makeLock(disk, layout.state, layout.lock);
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

/** A lock file that a group's members can lock, too; others come into being when they are locked. */
export function makeLock(disk: Disk, folder: string, lock: string): void {
  if ((modeBelow(disk, folder) & 0o020) === 0 || exists(disk, lock)) return;
  try {
    disk.createFile(lock, "", 0o664);
  } catch (error) {
    if (!isDiskError(error, "EEXIST")) throw error;
  }
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
    const lock = disk.tryLock(layout.lock);
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

export function isStatePath(path: string): boolean {
  return isWithin(path, statePath);
}
