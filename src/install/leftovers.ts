/** What a dead process has left unfinished, found without changing anything. */
import {
  isPrefixLocked,
  isTransactionId,
  listStateItems,
  type PrefixLayout,
  transactionIds,
} from "../prefix/index.ts";
import { type Disk, exists, type World } from "../world/index.ts";
import { type Workplace, workplaceOf } from "./workplace.ts";

/** Whether there is something to recover or to give up, unless somebody is at work on it. */
export function hasLeftovers({ disk }: World, layout: PrefixLayout): boolean {
  return exists(disk, layout.journal) || abandonedIn(disk, layout).length > 0;
}

/**
 * Whether a dead process has left an unfinished transaction, as far as can be told without changing
 * anything: where the lock may not be looked at, it may be running.
 */
export function isRecoveryDue({ disk }: World, layout: PrefixLayout): boolean {
  return exists(disk, layout.journal) && isPrefixLocked(disk, layout) !== true;
}

/** Those that no transaction of the history has left, and that have no journal. */
export function abandonedIn(disk: Disk, layout: PrefixLayout): Workplace[] {
  const made = new Set(transactionIds(disk, layout));
  return listStateItems(disk, layout, layout.transactions)
    .filter(({ name, type }) => type === "directory" && isTransactionId(name) && !made.has(name))
    .map(({ name }) => workplaceOf(layout, name))
    .filter(({ closedJournal }) => !exists(disk, closedJournal));
}
