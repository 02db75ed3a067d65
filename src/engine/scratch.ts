/** The scratch folders of builds: named for the lock that is held while one is in use. */
import type { Digest } from "../core/index.ts";
import { isKept } from "./kept.ts";
import type { Session } from "./session.ts";

/** The name of a key's lock, and the beginning of its scratch folder's name. */
export function scratchStart(key: Digest): string {
  return key.slice(0, 16);
}

/** Removes what builds have left that were killed: nobody holds their lock, and it is not kept. */
export function removeAbandonedScratch(session: Session): void {
  const { store, world } = session;
  for (const { name } of world.disk.list(store.layout.scratch)) {
    const start = /^([0-9a-f]{16})-/.exec(name)?.[1];
    const lock = start === undefined ? undefined : store.tryLock(start);
    if (lock === undefined) continue;
    try {
      if (!isKept(session, name)) store.removeScratch(name);
    } finally {
      lock.release();
    }
  }
}
