/**
 * One all-or-nothing change of the prefix.
 *
 * 1. Prepare, without the lock: everything that comes in is brought to `tx/ID/new/`, on the
 *    prefix's own file system and shaped like it. Only a stage that is handed over stays where it
 *    is until 4: it comes in by one rename.
 * 2. Lock (I1). Finish or take back what a dead process left.
 * 3. Decide, in pure code: who owns what (I3), and which steps lead there. This is done before 2, and
 *    repeated after it only where another transaction came between: others wait less.
 * 4. Commit: make what came in durable, then write the journal (I2).
 * 5. Apply: each step one rename (I4). The packages' records and the history entry are files that
 *    come in or leave like all others, as the last steps.
 * 6. Settle: bring foreign files back (I5), sweep stale by-products, sync, close the journal.
 *
 * Somebody may create or delete a path of the prefix between 3 and 5. Then the steps done so far
 * are undone, and the situation is judged anew.
 */
import { assert } from "../core/index.ts";
import {
  lastHolding,
  type LockOptions,
  lockPrefix,
  makeLayout,
  type PrefixLayout,
  refreshOwnership,
  unmakeLayout,
} from "../prefix/index.ts";
import { exists, isDiskError, type World } from "../world/index.ts";
import type { Change, TransactionOptions, TransactionOutcome } from "./change.ts";
import { commit } from "./commit.ts";
import { type Attempt, type Draft, makeDraft } from "./draft.ts";
import { survey, worldOnGround } from "./ground.ts";
import { asMachineError } from "./machine-error.ts";
import { prepare } from "./prepare.ts";
import { recover, removeAbandoned } from "./recover.ts";

/** A package that is both removed and added is replaced. */
export async function changePrefix(
  world: World,
  layout: PrefixLayout,
  wanted: Change,
  options: TransactionOptions,
): Promise<TransactionOutcome> {
  const change = normalize(wanted);
  let made: readonly string[] = [];
  try {
    made = makeLayout(world.disk, layout);
    refreshOwnership(world, layout);
    return await changeIn(world, layout, change, options);
  } catch (error) {
    throw asMachineError(error, layout);
  } finally {
    unmakeLayout(world.disk, layout, made);
  }
}

async function changeIn(
  world: World,
  layout: PrefixLayout,
  change: Change,
  options: TransactionOptions,
): Promise<TransactionOutcome> {
  const prepared = prepare(world, layout, change);
  try {
    const ground = survey(world.disk, prepared.workplace, options);
    const rehearsal = rehearse(world, { ...prepared, change, options, ground });
    const lock = await lockPrefix(world, layout, lockOptions(options));
    try {
      const draft = rehearsal?.holding === lock.previous ? rehearsal.draft : undefined;
      return changeLocked(world, { ...prepared, change, options, ground, draft });
    } finally {
      lock.release();
    }
  } finally {
    prepared.finish();
  }
}

function normalize({ add, remove, ...rest }: Change): Change {
  const names = new Set(add.map(({ name }) => name));
  assert(names.size === add.length, "a transaction brings two packages of one name");
  const leaving = [...new Set(remove)].filter((name) => !names.has(name));
  return { add, remove: leaving, ...rest };
}

function lockOptions(options: TransactionOptions): LockOptions {
  return {
    activity: options.activity,
    ...(options.noWait === undefined ? {} : { noWait: options.noWait }),
    ...(options.onWait === undefined ? {} : { onWait: options.onWait }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  };
}

interface Rehearsal {
  readonly draft: Draft;
  /** What the last holder of the lock had written. */
  readonly holding: string;
}

/**
 * Undefined where somebody is changing the prefix, or has died while he did. Time stamps would not
 * tell whether it has changed since: on a busy machine the kernel's clock can stand still for long.
 */
function rehearse(world: World, attempt: Attempt): Rehearsal | undefined {
  const { layout } = attempt.workplace;
  const holding = lastHolding(world, layout);
  if (holding === undefined || exists(world.disk, layout.journal)) return undefined;
  try {
    return { draft: makeDraft(world, attempt), holding };
  } catch (error) {
    if (isDiskError(error)) return undefined; // somebody changes the prefix at this moment
    throw error;
  }
}

/** What follows the lock; never waits, so that nothing of this process comes between. */
export function changeLocked(world: World, attempt: Attempt): TransactionOutcome {
  const { layout } = attempt.workplace;
  makeLayout(world.disk, layout); // a refused transaction may have taken away what it had made
  const recovery = recover(world, layout, attempt.options);
  if (recovery !== undefined) attempt.options.onRecovery?.(recovery);
  const { givenBack } = removeAbandoned(world, layout);
  if (givenBack.length > 0) attempt.options.onRecovery?.({ kind: "given-back", notes: givenBack });
  attempt.options.precondition?.();
  return commit(worldOnGround(world, attempt.ground), attempt);
}
