/** The scratch folders of builds: named for the lock that is held while one is in use. */
import type { Digest } from "../core/index.ts";
import { isKept, type Session } from "../workspace/index.ts";

/** The name of a key's lock, and the beginning of its scratch folder's name. */
export function scratchStart(key: Digest): string {
  return key.slice(0, 16);
}

/** `import-ID`, `download-DIGEST` or `ID` alone. */
const ownName = /^(?:[a-z]+-)?[0-9a-f]{16}$|^[a-z]+-[0-9a-f]{64}$/;

const weekMs = 7 * 24 * 60 * 60 * 1000;
/** A build does not wait for more than that, and for the folder that it then removes. */
const removingMs = 1_000;

/**
 * Removes what builds have left that were killed: nobody holds their lock, and it is not kept. All else
 * in there has no such lock, and is in use for moments, or half a download: it may grow old. What is not called as tenon calls its own stays:
 * a workspace may name any folder for its store (I15), and `/scratch` is somebody's on many machines. After a second, the rest stays for the
 * next build.
 */
export function removeAbandonedScratch(session: Session): void {
  const { store, world } = session;
  const begunMs = world.clock.now();
  for (const { name } of world.disk.list(store.layout.scratch)) {
    if (world.clock.now() - begunMs > removingMs) return;
    const start = /^([0-9a-f]{16})-/.exec(name)?.[1];
    if (start === undefined) {
      if (isOld(session, name)) store.removeScratch(name);
      continue;
    }
    const lock = store.tryLock(start);
    if (lock === undefined) continue;
    try {
      if (!isKept(session, name)) store.removeScratch(name);
    } finally {
      lock.release();
    }
  }
}

function isOld({ store, world }: Session, name: string): boolean {
  if (!ownName.test(name)) return false;
  const status = world.disk.status(`${store.layout.scratch}/${name}`);
  return status !== undefined && world.clock.now() - status.changedMs > weekMs;
}
