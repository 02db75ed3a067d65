/** Locks of the store that several processes may want at once. */
import type { Lock } from "../world/index.ts";
import type { SourceContext } from "./context.ts";

const firstPollMs = 20;
const longestPollMs = 500;

/** Runs the action while this process has the named lock of the store; waits for its turn. */
export async function withLock<Result>(
  context: SourceContext,
  name: string,
  action: () => Promise<Result>,
): Promise<Result> {
  const lock = await takeLock(context, name);
  try {
    lock.describe(`process ${context.world.processes.ownId}`);
    return await action();
  } finally {
    lock.release();
  }
}

async function takeLock(context: SourceContext, name: string): Promise<Lock> {
  let lock = context.store.tryLock(name);
  if (lock === undefined) {
    context.report?.({ kind: "lock-awaited", lock: name, holder: context.store.holderOf(name) });
  }
  for (let waitMs = firstPollMs; lock === undefined; waitMs = Math.min(waitMs * 2, longestPollMs)) {
    context.signal?.throwIfAborted();
    await context.world.clock.sleep(waitMs);
    lock = context.store.tryLock(name);
  }
  return lock;
}
