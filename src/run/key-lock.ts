/** The lock of a key, or of another piece of work: one process does it, and others then find the result. */
import { type Lock, waitForLock } from "../world/index.ts";
import { transactionOptions } from "../operations/index.ts";
import type { Resolved } from "./resolver.ts";
import { scratchStart } from "./scratch.ts";
import type { Session } from "../workspace/index.ts";

type Keyed = Pick<Resolved, "key">;

/** Undefined while another process has it. */
export function tryLockKey(
  { store, world, options, workspace }: Session,
  { key }: Keyed,
): Lock | undefined {
  const lock = store.tryLock(scratchStart(key));
  lock?.describe(
    `process ${world.processes.ownId} (${options.activity} in ${workspace.directory})`,
  );
  return lock;
}

/** Who has it, as the holder itself says. */
export function holderOfKey({ store }: Session, { key }: Keyed): string {
  return store.holderOf(scratchStart(key)) || "another process";
}

/** Waits until it is free; `doing` is what its holder does. */
export function waitForKey(session: Session, doing: string, keyed: Keyed): Promise<Lock> {
  const { world, options } = session;
  const wanted = {
    take: () => tryLockKey(session, keyed),
    holder: () => holderOfKey(session, keyed),
    doing,
  };
  return waitForLock(world.clock, wanted, transactionOptions(options));
}

export function tellHolder({ options }: Session, name: string, holder: string): void {
  options.emit({ kind: "waiting", for: `${holder}, which is building ${name}` });
}
