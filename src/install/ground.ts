/** What the prefix's file system allows a transaction to do, beyond what all file systems do. */
import { type Disk, hasRenameFlags, withWeakRenames, type World } from "../world/index.ts";
import type { TransactionOptions } from "./change.ts";
import type { Workplace } from "./workplace.ts";

export interface Ground {
  /** Whether two entries can be swapped; else files are replaced, and nothing else in one step. */
  readonly canExchange: boolean;
  /** Whether a directory has the same inode number when the machine starts again. */
  readonly keepsInodes: boolean;
  /** False when a step has found one that cannot be renamed, though nothing had said so. */
  movesDirectories: boolean;
}

/** Looks for RENAME_EXCHANGE only where it may be done without: else the first step will tell. */
export function survey(disk: Disk, workplace: Workplace, options: TransactionOptions): Ground {
  return {
    canExchange: options.weakRenames !== true || hasRenameFlags(disk, workplace.root),
    keepsInodes: keepsInodes(disk, workplace),
    movesDirectories: true,
  };
}

/**
 * An overlay over several file systems has no lasting number for a directory. There, and only there,
 * a file is of another device than its directory.
 */
export function keepsInodes(disk: Disk, { root, lock }: Pick<Workplace, "root" | "lock">): boolean {
  return disk.status(root)?.device === disk.status(lock)?.device;
}

/** The world in which `canExchange` is not needed. */
export function worldOnGround(world: World, { canExchange }: Pick<Ground, "canExchange">): World {
  return canExchange ? world : { ...world, disk: withWeakRenames(world.disk) };
}

/** Said once a transaction. */
export const weaknessNote =
  "weak renames: this file system cannot exchange two entries in one step, so a program that ran " +
  "meanwhile may have seen old and new files side by side";
