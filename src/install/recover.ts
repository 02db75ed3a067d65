/** Finishing or taking back what a dead process left unfinished (I2). The lock must be held. */
import type { PrefixLayout } from "../prefix/index.ts";
import { type Disk, exists, isDiskError, removeTree, type World } from "../world/index.ts";
import type { Recovery } from "./change.ts";
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
  const { disk } = world;
  const journal = readJournal(disk, layout);
  if (journal === undefined) return undefined;
  const workplace = workplaceOf(layout, journal.id);
  const because =
    options.takeBack === true ? "as asked for" : finishSteps(world, workplace, journal);
  if (because === undefined) {
    const notes = settle(disk, workplace, journal, options);
    return { kind: "finished", id: journal.id, notes };
  }
  const notes = takeBack(disk, workplace, journal, options);
  notes.push(...giveUp(disk, workplace));
  return { kind: "taken-back", id: journal.id, because, notes };
}

/** Does what is not done yet; gives the reason when the prefix no longer allows a step. */
function finishSteps(world: World, workplace: Workplace, journal: Journal): string | undefined {
  for (const step of journal.steps) {
    if (isDone(world.disk, workplace, step)) continue;
    try {
      perform(world.disk, workplace, step);
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
  const { disk } = world;
  const notes: string[] = [];
  for (const { name } of disk.list(layout.transactions)) {
    const workplace = workplaceOf(layout, name);
    try {
      if (exists(disk, workplace.closedJournal)) continue;
      const lock = disk.tryLock(workplace.lock);
      if (lock === undefined) continue; // somebody fills it at this moment
      notes.push(...giveUp(disk, workplace));
      lock.release();
    } catch (error) {
      if (!isDiskError(error)) throw error;
    }
  }
  return notes;
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
