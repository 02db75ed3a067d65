/**
 * One all-or-nothing change of the prefix.
 *
 * 1. Prepare, without the lock: everything that comes in is brought to `tx/ID/new/`, on the
 *    prefix's own file system and shaped like it.
 * 2. Lock (I1). Finish or take back what a dead process left.
 * 3. Decide, in pure code: who owns what (I3), and which steps lead there.
 * 4. Commit: make what came in durable, then write the journal (I2).
 * 5. Apply: each step one rename (I4). The packages' records and the history entry are files that
 *    come in or leave like all others, as the last steps.
 * 6. Settle: bring foreign files back (I5), sweep stale by-products, sync, close the journal.
 *
 * Somebody may create or delete a path of the prefix between 3 and 5. Then the steps done so far
 * are undone, and the situation is judged anew.
 */
import { TenonError } from "../core/index.ts";
import {
  type LockOptions,
  lockPrefix,
  listForeign,
  makeLayout,
  type PackageRecord,
  type PrefixLayout,
  readRecords,
} from "../prefix/index.ts";
import {
  DiskError,
  exists,
  isDiskError,
  readTextIfAny,
  removeTree,
  type World,
} from "../world/index.ts";
import type { Change, Conflict, TransactionOptions, TransactionOutcome } from "./change.ts";
import { type Claims, resolveClaims } from "./claims.ts";
import { decide, type Decision, type Step } from "./decide.ts";
import { makeEntryTree } from "./entry-tree.ts";
import { type Journal, type JournalStep, writeJournal } from "./journal.ts";
import { placePackages, type PlacedPackage } from "./linked-directories.ts";
import { bringEntry, bringIncoming, makeRetirementFolders } from "./prepare.ts";
import { stageRecords } from "./record-steps.ts";
import { recover, removeAbandoned } from "./recover.ts";
import { settle, takeBack } from "./settle.ts";
import { isDone, perform } from "./steps.ts";
import { endsOf, type Workplace, workplaceOf } from "./workplace.ts";

const attemptLimit = 5;

export async function changePrefix(
  world: World,
  layout: PrefixLayout,
  change: Change,
  options: TransactionOptions,
): Promise<TransactionOutcome> {
  makeLayout(world.disk, layout);
  const { workplace, packages, finish } = prepare(world, layout, change);
  try {
    const lock = await lockPrefix(world, layout, lockOptions(options));
    try {
      const recovery = recover(world, layout, options);
      if (recovery !== undefined) options.onRecovery?.(recovery);
      removeAbandoned(world, layout);
      return commit(world, { workplace, packages, change, options });
    } finally {
      lock.release();
    }
  } finally {
    finish();
  }
}

function lockOptions(options: TransactionOptions): LockOptions {
  return {
    activity: options.activity,
    ...(options.noWait === undefined ? {} : { noWait: options.noWait }),
    ...(options.onWait === undefined ? {} : { onWait: options.onWait }),
  };
}

interface Prepared {
  readonly workplace: Workplace;
  readonly packages: readonly PlacedPackage[];
  /** Gives the folder up, unless a closed journal says that it is of use. */
  readonly finish: () => void;
}

function prepare(world: World, layout: PrefixLayout, change: Change): Prepared {
  const { disk } = world;
  const workplace = workplaceOf(layout, makeId(world));
  const installed = readRecords(disk, layout).values();
  const packages = placePackages(disk, layout.prefix, change, installed);
  const lock = disk.tryLock(workplace.lock);
  const finish = (): void => {
    const isOpen = readTextIfAny(disk, layout.journal)?.includes(`"id":"${workplace.id}"`);
    if (!isOpen && !exists(disk, workplace.closedJournal)) removeTree(disk, workplace.root);
    if (exists(disk, workplace.lock)) disk.removeFile(workplace.lock);
    lock?.release();
  };
  try {
    disk.makeDirectory(workplace.root);
    bringIncoming(disk, workplace, packages);
  } catch (error) {
    if (error instanceof DiskError) finish();
    throw asMachineError(error, layout);
  }
  return { workplace, packages, finish };
}

/** Sorts by time; unique without a look at the disk. */
function makeId(world: World): string {
  const time = new Date(world.clock.now()).toISOString().replace(/[-:]|\.\d+/g, "");
  return `${time}-${world.clock.uniqueId().slice(0, 8)}`;
}

interface Attempt {
  readonly workplace: Workplace;
  readonly packages: readonly PlacedPackage[];
  readonly change: Change;
  readonly options: TransactionOptions;
}

function commit(world: World, attempt: Attempt): TransactionOutcome {
  const { workplace, packages, options } = attempt;
  for (let count = 1; ; count += 1) {
    const judged = judge(world, attempt);
    if (judged.conflicts.length > 0) return { kind: "conflict", conflicts: judged.conflicts };
    if (judged.nothingToDo) return { kind: "nothing-to-do" };
    try {
      takeGrantedContent(world, workplace, packages, judged.claims);
      const steps = [...judged.decision.steps, ...stageRecords(world, { ...attempt, ...judged })];
      const journal = openJournal(world, workplace, steps, options);
      const failure = apply(world, workplace, journal);
      if (failure === undefined) {
        const notes = settle(world.disk, workplace, journal, options);
        return { kind: "done", id: workplace.id, steps: steps.length, notes };
      }
      takeBack(world.disk, workplace, journal, options);
      const raced = isDiskError(failure, "EEXIST", "ENOENT", "ENOTDIR", "ENOTEMPTY");
      if (!raced || count === attemptLimit) throw failure;
    } catch (error) {
      throw asMachineError(error, workplace.layout);
    }
  }
}

interface Judged {
  readonly installed: ReadonlyMap<string, PackageRecord>;
  readonly claims: Claims;
  readonly decision: Decision;
  readonly conflicts: readonly Conflict[];
  readonly nothingToDo: boolean;
}

function judge(world: World, { workplace, packages, change }: Attempt): Judged {
  const { disk } = world;
  const { layout } = workplace;
  const installed = readRecords(disk, layout);
  const leaving = new Set([...change.remove, ...packages.map(({ incoming }) => incoming.name)]);
  const others = [...installed.values()].filter(({ name }) => !leaving.has(name));
  const claims = resolveClaims(
    packages.map(({ incoming, manifest }) => ({ ...incoming, manifest })),
    others,
  );
  const outgoing = makeEntryTree([
    ...[...leaving].map((name) => installed.get(name)?.manifest ?? []),
    ...others.map(({ name, manifest }) => {
      const lost = new Set(claims.ceded.get(name));
      return lost.size === 0 ? [] : manifest.filter(({ path }) => lost.has(path));
    }),
  ]);
  const decision = decide({
    incoming: makeEntryTree(claims.granted.values()),
    outgoing,
    isOthers: (path) => claims.others.has(path),
    look: (path) => disk.status(`${layout.prefix}/${path}`),
    holdsForeign: (directory) =>
      listForeign(disk, layout.prefix, directory, (path) => outgoing.get(path) !== undefined)
        .length > 0,
  });
  const conflicts =
    claims.conflicts.length > 0 ? claims.conflicts : foreignConflicts(decision, claims);
  const nothingToDo = change.add.length === 0 && !change.remove.some((name) => installed.has(name));
  return { installed, claims, decision, conflicts, nothingToDo };
}

function foreignConflicts(decision: Decision, claims: Claims): Conflict[] {
  return decision.blocked.map((path) => {
    const claimant = [...claims.granted].find(([, manifest]) =>
      manifest.some((entry) => entry.path === path),
    );
    return { kind: "foreign", path, package: claimant?.[0] ?? "" };
  });
}

/** Where two packages bring one path, or an installed one keeps it, the claims have decided. */
function takeGrantedContent(
  world: World,
  workplace: Workplace,
  packages: readonly PlacedPackage[],
  claims: Claims,
): void {
  const ceded = new Set([...claims.ceded.values()].flat());
  if (ceded.size === 0) return;
  for (const path of ceded) removeTree(world.disk, `${workplace.incoming}/${path}`);
  for (const each of packages) {
    for (const entry of claims.granted.get(each.incoming.name) ?? []) {
      if (ceded.has(entry.path)) bringEntry(world.disk, workplace, each, entry);
    }
  }
}

function openJournal(
  world: World,
  workplace: Workplace,
  steps: readonly Step[],
  options: TransactionOptions,
): Journal {
  const { disk } = world;
  const leaving = steps.filter(({ kind }) => kind === "retire").map(({ path }) => path);
  makeRetirementFolders(disk, workplace, leaving);
  const journal: Journal = {
    id: workplace.id,
    activity: options.activity,
    startedMs: world.clock.now(),
    steps: steps.map((step) => withMark(world, workplace, step)),
  };
  if (options.sync) disk.syncFileSystem(workplace.root);
  const temporary = `${workplace.root}/journal.tmp`;
  removeTree(disk, temporary);
  writeJournal(disk, workplace.layout, journal, { temporary, durable: options.sync });
  return journal;
}

function withMark(world: World, workplace: Workplace, step: Step): JournalStep {
  if (step.kind !== "exchange") return step;
  const status = world.disk.status(endsOf(workplace, step).own);
  return { ...step, inode: String(status?.inode) };
}

/** Gives the error that stopped it. */
function apply(world: World, workplace: Workplace, journal: Journal): DiskError | undefined {
  for (const step of journal.steps) {
    try {
      if (!isDone(world.disk, workplace, step)) perform(world.disk, workplace, step);
    } catch (error) {
      if (error instanceof DiskError) return error;
      throw error;
    }
  }
  return undefined;
}

function asMachineError(error: unknown, layout: PrefixLayout): unknown {
  if (!(error instanceof DiskError)) return error;
  const hints: string[] = [];
  if (error.code === "ENOSPC")
    hints.push("Make room on the prefix's file system and run it again.");
  if (error.code === "EINVAL" && error.operation === "exchange") {
    hints.push("This file system cannot exchange two entries in one step; choose another prefix.");
  }
  return new TenonError({
    kind: "machine",
    code: "TRANSACTION_FAILED",
    message: `the prefix ${layout.prefix} could not be changed: ${error.message}`,
    hints,
    cause: error,
  });
}
