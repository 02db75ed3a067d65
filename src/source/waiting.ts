/** Locks of the store that several processes may want at once. */
import { waitForLock } from "../world/index.ts";
import type { SourceContext } from "./context.ts";

/** Runs the action while this process has the named lock of the store; waits for its turn. */
export async function withLock<Result>(
  { world, store, report, signal }: SourceContext,
  name: string,
  action: () => Promise<Result>,
): Promise<Result> {
  const wanted = {
    take: () => store.tryLock(name),
    holder: () => store.holderOf(name) || undefined,
    doing: "fetching the same source",
  };
  const lock = await waitForLock(world.clock, wanted, {
    onWait: (text) => report?.({ kind: "lock-awaited", text }),
    ...(signal === undefined ? {} : { signal }),
  });
  try {
    lock.describe(`process ${world.processes.ownId}`);
    return await action();
  } finally {
    lock.release();
  }
}
