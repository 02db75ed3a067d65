/** What a prefix has seen, ending what a dead process left, and giving up what was displaced. */
import { TenonError } from "../core/index.ts";
import {
  collectDisplaced,
  type Collected,
  type HistoryEntry,
  readHistory,
  recover,
  removeAbandoned,
  type Recovery,
} from "../install/index.ts";
import { lockPrefix, type PrefixLayout } from "../prefix/index.ts";
import { exists, type World } from "../world/index.ts";
import { type Teller, transactionOptions } from "./transaction-events.ts";

/** Newest first. */
export function listHistory(world: World, layout: PrefixLayout): HistoryEntry[] {
  return readHistory(world.disk, layout);
}

/** Leaves what the newest `keep` transactions displaced. */
export async function collectGarbage(
  world: World,
  layout: PrefixLayout,
  options: Teller & { readonly keep: number; readonly prefix?: string },
): Promise<Collected> {
  // A workspace's own prefix comes into being with its first build that succeeds.
  if (options.prefix === undefined && !exists(world.disk, layout.state))
    return { transactions: [], sizeBytes: 0 };
  return locked(world, layout, options, () => collectDisplaced(world, layout, options.keep));
}

/** Ends what a dead process left; undefined when nothing was left. */
export async function recoverPrefix(
  world: World,
  layout: PrefixLayout,
  options: Teller & { readonly takeBack: boolean },
): Promise<Recovery | undefined> {
  const { sync, takeBack } = options;
  return locked(world, layout, options, () => {
    const recovery = recover(world, layout, { sync, takeBack });
    const { givenBack, kept } = removeAbandoned(world, layout);
    const notes = [...givenBack, ...kept];
    if (recovery === undefined)
      return notes.length === 0 ? undefined : { kind: "given-back", notes };
    return { ...recovery, notes: [...recovery.notes, ...notes] };
  });
}

async function locked<Result>(
  world: World,
  layout: PrefixLayout,
  teller: Teller,
  act: () => Result,
): Promise<Result> {
  if (!exists(world.disk, layout.state)) {
    throw new TenonError({
      kind: "usage",
      code: "NO_PREFIX",
      message: `${layout.prefix} is no prefix of tenon's`,
      hints: ["Name one with --prefix DIR, or run the command in a workspace."],
    });
  }
  const lock = await lockPrefix(world, layout, transactionOptions(layout, teller));
  try {
    return act();
  } finally {
    lock.release();
  }
}
