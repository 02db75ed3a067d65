/** Removing garbage from a store: `tenon gc --store`. */
import {
  isDiskError,
  removeTree,
  waitForLock,
  type WaitOptions,
  type World,
} from "../world/index.ts";
import { findGarbage, type Garbage, type Rules } from "./garbage.ts";
import { tryLockAll } from "./in-use.ts";
import { takeInventory } from "./inventory.ts";
import type { StoreLayout } from "./layout.ts";

interface CollectOptions extends WaitOptions {
  /** Only find out what would go. */
  readonly dryRun: boolean;
}

/**
 * `rulesNow` is asked under the lock, too: somebody may have come to use what lay idle. Sizes are measured before it,
 * and what was moved aside is removed after it, so that a command which begins meanwhile waits a moment at most.
 */
export async function removeGarbage(
  world: World,
  layout: StoreLayout,
  rulesNow: () => Rules,
  { dryRun, ...waiting }: CollectOptions,
): Promise<Garbage> {
  const { disk } = world;
  const before = takeInventory(disk, layout);
  if (dryRun) return findGarbage(before, rulesNow());
  const sizes = new Map(before.items.map(({ path, sizeBytes }) => [path, sizeBytes]));
  const aside = `${layout.scratch}/garbage-${world.clock.uniqueId()}`;
  const lock = await waitForLock(
    world.clock,
    {
      take: () => tryLockAll(disk, layout),
      holder: () => undefined,
      doing: `using the store ${layout.root}`,
    },
    waiting,
  );
  let garbage: Garbage;
  try {
    garbage = findGarbage(takeInventory(disk, layout, sizes), rulesNow());
    disk.makeDirectory(aside);
    // Notes first: what a kill leaves of the items is then found by nobody, and goes the next time.
    for (const { path } of garbage.notes) disk.removeFile(path);
    for (const [index, { path }] of garbage.items.entries()) disk.rename(path, `${aside}/${index}`);
  } finally {
    lock.release();
  }
  removeLeftovers(world, layout);
  return garbage;
}

/** Of this command, and of one that was killed. */
function removeLeftovers({ disk }: World, { scratch }: StoreLayout): void {
  for (const { name } of disk.list(scratch)) {
    if (!name.startsWith("garbage-")) continue;
    try {
      removeTree(disk, `${scratch}/${name}`);
    } catch (error) {
      if (!isDiskError(error, "ENOENT")) throw error; // another process removes the same
    }
  }
}
