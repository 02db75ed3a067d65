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
import { assert, parentOf, TenonError } from "../core/index.ts";
import {
  lastHolding,
  type LockOptions,
  lockPrefix,
  makeLayout,
  type PrefixLayout,
  refreshOwnership,
  unmakeLayout,
} from "../prefix/index.ts";
import {
  type Disk,
  DiskError,
  exists,
  isDiskError,
  lacksRenameFlags,
  makeDirectories,
  removeTree,
  type World,
} from "../world/index.ts";
import type { Change, TransactionOptions, TransactionOutcome } from "./change.ts";
import type { Claims } from "./claims.ts";
import type { Step } from "./decide.ts";
import { type Ground, survey, weaknessNote, worldOnGround } from "./ground.ts";
import { findGifts, type Gift, give } from "./groups.ts";
import { handOver } from "./hand-over.ts";
import { type Journal, writeJournal } from "./journal.ts";
import { judge, type Judged } from "./judge.ts";
import { blocked, cureOf } from "./lasting-errors.ts";
import type { PlacedPackage } from "./linked-directories.ts";
import { withMark } from "./marks.ts";
import { bringEntry, bringIncoming, makeRetirementFolders, prepare } from "./prepare.ts";
import { stageHistory, stageRecords } from "./record-steps.ts";
import { bringReturns } from "./returns.ts";
import { recover, removeAbandoned } from "./recover.ts";
import { settle, takeBack } from "./settle.ts";
import { keepSecondName, perform } from "./steps.ts";
import { endsOf, type Workplace } from "./workplace.ts";

const attemptLimit = 5;

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

export interface Attempt {
  readonly workplace: Workplace;
  readonly packages: readonly PlacedPackage[];
  readonly toMove: string | undefined;
  readonly change: Change;
  readonly options: TransactionOptions;
  readonly ground: Ground;
  /** Good only if nobody has had the lock since. */
  readonly draft?: Draft | undefined;
}

interface Rehearsal {
  readonly draft: Draft;
  /** What the last holder of the lock had written. */
  readonly holding: string;
}

interface Draft {
  readonly judged: Judged;
  /** Without that of the history. */
  readonly steps: readonly Step[];
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

function makeDraft(world: World, attempt: Attempt): Draft {
  const judged = judge(world, attempt);
  if (judged.conflicts.length > 0 || judged.nothingToDo) return { judged, steps: [] };
  const records = stageRecords(world, { ...attempt, ...judged });
  return { judged, steps: [...judged.decision.steps, ...records] };
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

function commit(world: World, attempt: Attempt): TransactionOutcome {
  const { workplace, packages, options, ground } = attempt;
  const notes = ground.canExchange ? [] : [weaknessNote];
  let { draft } = attempt;
  for (let count = 1; ;) {
    const { judged, steps: decided } = draft ?? makeDraft(world, attempt);
    draft = undefined;
    if (judged.conflicts.length > 0) return { kind: "conflict", conflicts: judged.conflicts };
    if (judged.nothingToDo) return { kind: "nothing-to-do" };
    const gifts = findGifts(world.disk, workplace, decided);
    if (!bringTree(world, attempt, judged, gifts)) {
      takeGrantedContent(world, workplace, packages, judged.claims);
    }
    bringReturns(world.disk, workplace, judged.returns);
    const steps = [...decided, stageHistory(world, { ...attempt, ...judged })];
    makeRoom(world.disk, workplace, steps, gifts);
    const journal = openJournal(world, attempt, steps);
    const failure = apply(world, workplace, journal);
    if (failure === undefined) {
      notes.push(
        ...judged.notes,
        ...end(attempt, () => settle(world.disk, workplace, journal, options)),
      );
      return { kind: "done", id: workplace.id, steps: steps.length, notes };
    }
    notes.push(...end(attempt, () => takeBack(world.disk, workplace, journal, options)));
    if (learnsFrom(world, attempt, failure)) continue;
    const raced = isDiskError(failure.error, "EEXIST", "ENOENT", "ENOTDIR", "ENOTEMPTY");
    if (!raced || count === attemptLimit) throw failure.error;
    count += 1;
  }
}

/** What fails here leaves the journal open: every command from now on must end it first. */
function end({ workplace }: Attempt, act: () => string[]): string[] {
  try {
    return act();
  } catch (error) {
    throw isDiskError(error) ? blocked(workplace.layout, workplace.id, error) : error;
  }
}

/** fuse-overlayfs does not say beforehand that it moves no directory of a lower layer. */
function learnsFrom(
  world: World,
  { workplace, ground }: Attempt,
  { step, error }: Failure,
): boolean {
  if (!isDiskError(error, "EXDEV", "EBUSY") || !ground.movesDirectories) return false;
  if (step.kind !== "exchange" && step.kind !== "retire") return false;
  if (world.disk.status(endsOf(workplace, step).shared)?.type !== "directory") return false;
  ground.movesDirectories = false;
  return true;
}

/**
 * Moves the tree that is to come in as it is, unless it has come already; false where it is linked,
 * because it cannot be moved, another package keeps a path of it, one gets a path
 * back with it, or its files are to be a group's.
 */
function bringTree(
  world: World,
  attempt: Attempt,
  { claims, returns }: Judged,
  gifts: readonly Gift[],
): boolean {
  const { workplace, packages, toMove, options } = attempt;
  if (toMove === undefined) return false;
  const { disk } = world;
  if (exists(disk, workplace.incoming)) return exists(disk, workplace.origin);
  const keepsAll = packages.every(({ incoming }) => !claims.ceded.has(incoming.name));
  const isUnchanged = keepsAll && returns.size === 0 && gifts.length === 0;
  if (isUnchanged && handOver(disk, workplace, toMove, options)) return true;
  bringIncoming(disk, workplace, packages);
  return false;
}

/**
 * Where two packages bring one path, or an installed one keeps it, the claims have decided. What an
 * incoming package cedes is kept, so that it can have it back.
 */
function takeGrantedContent(
  { disk }: World,
  workplace: Workplace,
  packages: readonly PlacedPackage[],
  claims: Claims,
): void {
  const ceded = new Set([...claims.ceded.values()].flat());
  if (ceded.size === 0) return;
  for (const path of ceded) removeTree(disk, `${workplace.incoming}/${path}`);
  removeTree(disk, workplace.ceded);
  for (const each of packages) {
    const { name } = each.incoming;
    const lost = new Set(claims.ceded.get(name));
    for (const entry of each.manifest) {
      if (!ceded.has(entry.path)) continue;
      const isLost = lost.has(entry.path);
      const to = isLost ? `${workplace.ceded}/${name}` : workplace.incoming;
      if (isLost) makeDirectories(disk, `${to}/${parentOf(entry.path)}`);
      // Of several that bring the same, the first one's is taken.
      if (!exists(disk, `${to}/${entry.path}`)) bringEntry(disk, to, each, entry);
    }
  }
}

/** Folders for what leaves, the groups of what comes, and second names of what is to be replaced. */
function makeRoom(
  disk: Disk,
  workplace: Workplace,
  steps: readonly Step[],
  gifts: readonly Gift[],
): void {
  const leaving = steps.filter(({ kind }) => kind === "retire" || kind === "replace");
  const paths = leaving.map(({ path }) => path);
  makeRetirementFolders(disk, workplace, paths);
  for (const gift of gifts) give(disk, gift, `${workplace.root}/copy.tmp`);
  for (const step of leaving) keepSecondName(disk, workplace, step);
}

function openJournal(world: World, attempt: Attempt, steps: readonly Step[]): Journal {
  const { workplace, options, ground } = attempt;
  const { disk } = world;
  const journal: Journal = {
    id: workplace.id,
    activity: options.activity,
    startedMs: world.clock.now(),
    ...(ground.canExchange ? {} : { weak: true }),
    steps: steps.map((step) => withMark(disk, workplace, ground, step)),
  };
  if (options.sync) disk.syncFileSystem(workplace.root);
  const temporary = `${workplace.root}/journal.tmp`;
  removeTree(disk, temporary);
  writeJournal(disk, workplace.layout, journal, { temporary, durable: options.sync });
  return journal;
}

interface Failure {
  readonly step: Step;
  readonly error: DiskError;
}

/** Gives what stopped it. */
function apply(world: World, workplace: Workplace, journal: Journal): Failure | undefined {
  for (const step of journal.steps) {
    try {
      perform(world.disk, workplace, step);
    } catch (error) {
      if (error instanceof DiskError) return { step, error };
      throw error;
    }
  }
  return undefined;
}

function asMachineError(error: unknown, layout: PrefixLayout): unknown {
  if (!(error instanceof DiskError)) return error;
  return new TenonError({
    kind: "machine",
    code: "TRANSACTION_FAILED",
    message: `the prefix ${layout.prefix} could not be changed: ${error.message}`,
    hints: hintsFor(error, layout),
    cause: error,
  });
}

function hintsFor(error: DiskError, layout: PrefixLayout): string[] {
  const { code } = error;
  if (["ENOSPC", "EDQUOT", "EACCES", "EPERM", "EROFS"].includes(code)) {
    return [`${cureOf(error)}, and run the command again.`];
  }
  if (code === "EXDEV") {
    return [`Everything in a prefix must be on the file system of ${layout.state}.`];
  }
  if (lacksRenameFlags(error)) {
    return [
      "This file system cannot exchange two entries in one step, or move one without replacing another: run it again with --weak-renames, or choose another prefix.",
    ];
  }
  return [];
}
