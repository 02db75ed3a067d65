/** The scratch folders of builds: named for the lock that is held while one is in use. */
import type { Digest } from "../core/index.ts";
import type { Session } from "./session.ts";

/** The name of a key's lock, and the beginning of its scratch folder's name. */
export function scratchStart(key: Digest): string {
  return key.slice(0, 16);
}

/** Removes what builds have left that were killed: nobody holds their lock. */
export function removeAbandonedScratch({ store, world }: Session): void {
  for (const { name } of world.disk.list(store.layout.scratch)) {
    const start = /^([0-9a-f]{16})-/.exec(name)?.[1];
    const lock = start === undefined ? undefined : store.tryLock(start);
    if (lock === undefined) continue;
    try {
      store.removeScratch(name);
    } finally {
      lock.release();
    }
  }
}
