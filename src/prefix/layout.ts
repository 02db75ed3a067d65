/** Where tenon keeps its own files in a prefix. */
import { isWithin } from "../core/index.ts";
import { type Disk, exists, type PlainFile } from "../world/index.ts";

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
  /** Throws for what somebody could have written who is not trusted; absent where all are. */
  readonly guard?: Guard;
}

export type Guard = (path: string, of: Pick<PlainFile, "ownerId" | "mode">) => void;

export function layoutOf(prefix: string, guard?: Guard): PrefixLayout {
  const state = `${prefix}/${statePath}`;
  return {
    ...(guard === undefined ? {} : { guard }),
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

export function isStatePath(path: string): boolean {
  return isWithin(path, statePath);
}
