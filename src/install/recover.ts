/** Finishing or taking back what a dead process left unfinished (I2). The lock must be held. */
import type { PrefixLayout } from "../prefix/index.ts";
import { type Disk, isDiskError, removeTree, type World } from "../world/index.ts";
import type { Recovery } from "./change.ts";
import { confine } from "./confine.ts";
import { giveBack, type GivenBack } from "./hand-over.ts";
import { worldOnGround } from "./ground.ts";
import { type Journal, readJournal } from "./journal.ts";
import { blocked } from "./lasting-errors.ts";
import { abandonedIn } from "./leftovers.ts";
import { settle, type SettleOptions, takeBack } from "./settle.ts";
import { isDone, perform } from "./steps.ts";
import { type Workplace, workplaceOf } from "./workplace.ts";

interface RecoverOptions extends SettleOptions {
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
  const ground = worldOnGround(world, { canExchange: journal.weak === undefined });
  const disk = confine(ground.disk, layout.prefix);
  const workplace = workplaceOf(layout, journal.id);
  try {
    const because =
      options.takeBack === true ? "as asked for" : finishSteps(disk, workplace, journal);
    if (because === undefined) {
      const notes = settle(disk, workplace, journal, options);
      return { kind: "finished", id: journal.id, notes };
    }
    const notes = takeBack(disk, workplace, journal, options);
    notes.push(...giveUp(world.disk, workplace).notes);
    return { kind: "taken-back", id: journal.id, because, notes };
  } catch (error) {
    throw isDiskError(error) ? blocked(layout, journal.id, error) : error;
  }
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

/** What was done with the stages of transactions that had not begun; sentences for the person. */
interface Abandoned {
  readonly givenBack: readonly string[];
  /** Those that could not go back. */
  readonly kept: readonly string[];
}

/**
 * Gives up the folders of transactions that died before they had a journal. What cannot be removed
 * (another person's, or one that its owner removes at this moment) hinders nobody.
 */
export function removeAbandoned({ disk }: World, layout: PrefixLayout): Abandoned {
  const givenBack: string[] = [];
  const kept: string[] = [];
  for (const workplace of abandonedIn(disk, layout)) {
    try {
      const lock = disk.tryLock(workplace.lock);
      if (lock === undefined) continue;
      try {
        const { notes, isKept } = giveUp(disk, workplace);
        (isKept ? kept : givenBack).push(...notes);
      } finally {
        lock.release();
      }
    } catch (error) {
      if (!isDiskError(error)) throw error;
    }
  }
  return { givenBack, kept };
}

/** Gives a stage that was handed over back, and removes a folder that is of no use any more. */
export function giveUp(disk: Disk, workplace: Workplace): GivenBack {
  const given = giveBack(disk, workplace);
  if (!given.isKept) discard(disk, workplace.root);
  return given;
}

/** Removes as much of a tree as it can. */
export function discard(disk: Disk, path: string): void {
  try {
    removeTree(disk, path);
  } catch (error) {
    if (!isDiskError(error)) throw error;
  }
}
