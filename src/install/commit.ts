/** From the decision to the closed journal, anew where somebody changes the prefix at that moment. */
import { type Disk, DiskError, isDiskError, removeTree, type World } from "../world/index.ts";
import { bringContent } from "./bring-content.ts";
import type { TransactionOutcome } from "./change.ts";
import type { EntryStep } from "./decide.ts";
import { type Attempt, makeDraft } from "./draft.ts";
import { weaknessNote } from "./ground.ts";
import { findGifts, type Gift, give } from "./groups.ts";
import { type Journal, writeJournal } from "./journal.ts";
import { blocked } from "./lasting-errors.ts";
import { withMark } from "./marks.ts";
import { makeRetirementFolders } from "./prepare.ts";
import { stageHistory } from "./record-steps.ts";
import { settle, takeBack } from "./settle.ts";
import { keepSecondName, perform } from "./steps.ts";
import { endsOf, type Workplace } from "./workplace.ts";

const attemptLimit = 5;

/** The lock must be held. */
export function commit(world: World, attempt: Attempt): TransactionOutcome {
  const { workplace, options, ground } = attempt;
  const notes = ground.canExchange ? [] : [weaknessNote];
  let { draft } = attempt;
  for (let count = 1; ;) {
    const { judged, steps: decided } = draft ?? makeDraft(world, attempt);
    draft = undefined;
    if (judged.conflicts.length > 0) return { kind: "conflict", conflicts: judged.conflicts };
    if (judged.nothingToDo) return { kind: "nothing-to-do" };
    const gifts = findGifts(world.disk, workplace, decided);
    bringContent(world, attempt, judged, gifts);
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

/** Folders for what leaves, the groups of what comes, and second names of what is to be replaced. */
function makeRoom(
  disk: Disk,
  workplace: Workplace,
  steps: readonly EntryStep[],
  gifts: readonly Gift[],
): void {
  const leaving = steps.filter(({ kind }) => kind === "retire" || kind === "replace");
  const paths = leaving.map(({ path }) => path);
  makeRetirementFolders(disk, workplace, paths);
  for (const gift of gifts) give(disk, gift, `${workplace.root}/copy.tmp`);
  for (const step of leaving) keepSecondName(disk, workplace, step);
}

function openJournal(world: World, attempt: Attempt, steps: readonly EntryStep[]): Journal {
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
  readonly step: EntryStep;
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
