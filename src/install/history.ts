/** The transactions that a prefix has seen, and which of them can still be rolled back. */
import { compareText } from "../core/index.ts";
import {
  type PrefixLayout,
  type RecordedChange,
  type RecordedTransaction,
  readHistoryEntry,
  transactionIds,
} from "../prefix/index.ts";
import { type Disk, exists } from "../world/index.ts";
import { workplaceOf } from "./workplace.ts";

export type HistoryChange = RecordedChange;

export interface HistoryEntry extends RecordedTransaction {
  readonly id: string;
  /** Whether what it displaced is still there. */
  readonly isKept: boolean;
}

/** Newest first. A prefix without history has none. */
export function readHistory(disk: Disk, layout: PrefixLayout): HistoryEntry[] {
  return transactionIds(disk, layout)
    .flatMap((id): HistoryEntry[] => {
      const entry = readHistoryEntry(disk, layout, id);
      const isKept = exists(disk, workplaceOf(layout, id).closedJournal);
      return entry === undefined ? [] : [{ id, ...entry, isKept }];
    })
    .sort((a, b) => b.sequence - a.sequence || compareText(b.id, a.id));
}
