/** The lock of a key: one process builds it, and others then find the result. */
import { type Lock, waitForLock } from "../world/index.ts";
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

/** Waits until it is free. */
export function waitForKey(session: Session, name: string, resolved: Resolved): Promise<Lock> {
  const { world, options } = session;
  const wanted = {
    take: () => tryLockKey(session, resolved),
    holder: () => holderOfKey(session, resolved),
    doing: `building ${name}`,
  };
  return waitForLock(world.clock, wanted, {
    onWait: (text) => options.emit({ kind: "waiting", for: text }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
}

export function tellHolder({ options }: Session, name: string, holder: string): void {
  options.emit({ kind: "waiting", for: `${holder}, which is building ${name}` });
}
