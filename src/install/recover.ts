/** Finishing or taking back what a dead process left unfinished (I2). The lock must be held. */
import { type PrefixLayout, transactionIds } from "../prefix/index.ts";
import { type Disk, exists, isDiskError, removeTree, type World } from "../world/index.ts";
import type { Recovery } from "./change.ts";
import { worldOnGround } from "./ground.ts";
import { giveBack } from "./hand-over.ts";
import { type Journal, readJournal } from "./journal.ts";
import { settle, type SettleOptions, takeBack } from "./settle.ts";
import { isDone, perform } from "./steps.ts";
import { type Workplace, workplaceOf } from "./workplace.ts";

export interface RecoverOptions extends SettleOptions {
  /** Take the transaction back even where it could be finished. */
  readonly takeBack?: boolean;
}

/** Undefined when there was nothing to recover. */
export function recover(
  world: World,
  layout: PrefixLayout,
  options: RecoverOptions,
): Recovery | undefined {
  const journal = readJournal(world.disk, layout);
  if (journal === undefined) return undefined;
  const { disk } = worldOnGround(world, { canExchange: journal.weak === undefined });
  const workplace = workplaceOf(layout, journal.id);
  const because =
    options.takeBack === true ? "as asked for" : finishSteps(disk, workplace, journal);
  if (because === undefined) {
    const notes = settle(disk, workplace, journal, options);
    return { kind: "finished", id: journal.id, notes };
  }
  const notes = takeBack(disk, workplace, journal, options);
  notes.push(...giveUp(disk, workplace));
  return { kind: "taken-back", id: journal.id, because, notes };
}

/** Does what is not done yet; gives the reason when the prefix no longer allows a step. */
function finishSteps(disk: Disk, workplace: Workplace, journal: Journal): string | undefined {
  for (const step of journal.steps) {
    if (isDone(disk, workplace, step)) continue;
    try {
      perform(disk, workplace, step);
    } catch (error) {
      if (isDiskError(error)) return error.message;
      throw error;
    }
  }
  return undefined;
}

/**
 * Gives up the folders of transactions that died before they had a journal. What cannot be removed
 * (another person's, or one that its owner removes at this moment) hinders nobody. Gives notes.
 */
export function removeAbandoned(world: World, layout: PrefixLayout): string[] {
  const notes: string[] = [];
  forAbandoned(world, layout, (workplace) => notes.push(...giveUp(world.disk, workplace)));
  return notes;
}

/** Whether there is something to recover or to give up; no lock is needed. */
export function needsRecovery(world: World, layout: PrefixLayout): boolean {
  if (exists(world.disk, layout.journal)) return true;
  let count = 0;
  if (exists(world.disk, layout.history)) forAbandoned(world, layout, () => (count += 1));
  return count > 0;
}

/** Those that no transaction of the history has left, that have no journal, and that nobody fills. */
function forAbandoned(
  { disk }: World,
  layout: PrefixLayout,
  act: (workplace: Workplace) => void,
): void {
  const made = new Set(transactionIds(disk, layout));
  for (const { name } of disk.list(layout.transactions)) {
    if (made.has(name)) continue;
    const workplace = workplaceOf(layout, name);
    try {
      if (exists(disk, workplace.closedJournal)) continue;
      const lock = disk.tryLock(workplace.lock);
      if (lock === undefined) continue;
      try {
        act(workplace);
      } finally {
        lock.release();
      }
    } catch (error) {
      if (!isDiskError(error)) throw error;
    }
  }
}

/** Gives a stage that was handed over back, and removes a folder that is of no use any more. */
export function giveUp(disk: Disk, workplace: Workplace): string[] {
  const notes = giveBack(disk, workplace);
  discard(disk, workplace.root);
  return notes;
}

/** Removes as much of a tree as it can. */
export function discard(disk: Disk, path: string): void {
  try {
    removeTree(disk, path);
  } catch (error) {
    if (!isDiskError(error)) throw error;
  }
}
