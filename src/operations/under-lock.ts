/** What changes a prefix without a transaction: ending what was left, removing what nothing needs. */
import { TenonError } from "../core/index.ts";
import { type Recovery, recover, removeAbandoned } from "../install/index.ts";
import { lockPrefix } from "../prefix/index.ts";
import { exists } from "../world/index.ts";
import type { Ended, OpenPrefix } from "./operate.ts";
import { describeRecovery, transactionOptions } from "./transaction-events.ts";

/** What a dead process has left is ended first, and reported. */
export function underLock<Result>(prefix: OpenPrefix, act: () => Result): Promise<Result> {
  return locked(prefix, () => {
    const recovery = endLeft(prefix, false);
    if (recovery !== undefined)
      prefix.emit({ kind: "recovered", text: describeRecovery(recovery) });
    return act();
  });
}

/** Ends what a dead process left; `takeBack` even where it could be finished. */
export async function recoverPrefix(
  prefix: OpenPrefix,
  { takeBack }: { readonly takeBack: boolean },
): Promise<Ended<Recovery | { readonly kind: "nothing-to-recover" }>> {
  const recovery = await locked(prefix, () => endLeft(prefix, takeBack));
  return { kind: "done", value: recovery ?? { kind: "nothing-to-recover" } };
}

function endLeft({ world, layout, sync }: OpenPrefix, takeBack: boolean): Recovery | undefined {
  const recovery = recover(world, layout, { sync, takeBack });
  const { givenBack, kept } = removeAbandoned(world, layout);
  const notes = [...givenBack, ...kept];
  if (recovery === undefined) return notes.length === 0 ? undefined : { kind: "given-back", notes };
  return { ...recovery, notes: [...recovery.notes, ...notes] };
}

async function locked<Result>(prefix: OpenPrefix, act: () => Result): Promise<Result> {
  const { world, layout } = prefix;
  if (!exists(world.disk, layout.state)) {
    throw new TenonError({
      kind: "usage",
      code: "NO_PREFIX",
      message: `${layout.prefix} is not a tenon prefix`,
      hints: ["Name one with --prefix DIR, or run the command in a workspace."],
    });
  }
  const lock = await lockPrefix(world, layout, transactionOptions(prefix));
  try {
    return act();
  } finally {
    lock.release();
  }
}
