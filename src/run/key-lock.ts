/** The lock of a key: one process builds it, and others then find the result. */
import type { Lock } from "../world/index.ts";
import type { Resolved } from "./resolver.ts";
import { scratchStart } from "./scratch.ts";
import type { Session } from "../workspace/index.ts";

/** Undefined while another process has it. */
export function tryLockKey(
  { store, world, options, workspace }: Session,
  { key }: Resolved,
): Lock | undefined {
  const lock = store.tryLock(scratchStart(key));
  lock?.describe(
    `process ${world.processes.ownId} (${options.activity} in ${workspace.directory})`,
  );
  return lock;
}

/** Who has it, as the holder itself says. */
export function holderOfKey({ store }: Session, { key }: Resolved): string {
  return store.holderOf(scratchStart(key)) || "another process";
}

const firstWaitMs = 20;
const longestWaitMs = 500;

/** Waits until it is free, and says for whom. Undefined when interrupted. */
export async function waitForKey(
  session: Session,
  name: string,
  resolved: Resolved,
): Promise<Lock | undefined> {
  const { world, options } = session;
  let waitMs = firstWaitMs;
  for (let attempt = 1; ; attempt += 1) {
    const lock = tryLockKey(session, resolved);
    if (lock !== undefined) return lock;
    // Not at the first attempt: a holder needs a moment to write who it is.
    if (attempt === 2) tellHolder(session, name, holderOfKey(session, resolved));
    if (options.signal?.aborted) return undefined;
    await world.clock.sleep(waitMs);
    waitMs = Math.min(waitMs * 2, longestWaitMs);
  }
}

export function tellHolder({ options }: Session, name: string, holder: string): void {
  options.emit({ kind: "waiting", for: `${holder}, which is building ${name}` });
}
