/** The transactions that a prefix has seen, and which of them can still be rolled back. */
import { compareText, TenonError } from "../core/index.ts";
import { type PrefixLayout, transactionIds } from "../prefix/index.ts";
import { type Disk, exists, readText } from "../world/index.ts";
import { workplaceOf } from "./workplace.ts";

export interface HistoryChange {
  readonly package: string;
  /** The version before; null for a package that came in. */
  readonly from: string | null;
  /** The version after; null for a package that left. */
  readonly to: string | null;
  /** What it consists of had been there before, and nobody's. */
  readonly adopted?: true;
}

export interface HistoryEntry {
  readonly id: string;
  /** From 1 on, in the order in which the transactions were made. */
  readonly sequence: number;
  readonly activity: string;
  /** Milliseconds since 1970. */
  readonly atMs: number;
  readonly changes: readonly HistoryChange[];
  /** Whether what it displaced is still there. */
  readonly isKept: boolean;
}

/** Newest first. A prefix without history has none. */
export function readHistory(disk: Disk, layout: PrefixLayout): HistoryEntry[] {
  return transactionIds(disk, layout)
    .map((id) => readEntry(disk, layout, id))
    .sort((a, b) => b.sequence - a.sequence || compareText(b.id, a.id));
}

function readEntry(disk: Disk, layout: PrefixLayout, id: string): HistoryEntry {
  const file = `${layout.history}/${id}.json`;
  const isKept = exists(disk, workplaceOf(layout, id).closedJournal);
  try {
    const entry = JSON.parse(readText(disk, file)) as Omit<HistoryEntry, "isKept">;
    const { sequence, activity, atMs, changes } = entry;
    if (
      typeof sequence !== "number" ||
      typeof activity !== "string" ||
      typeof atMs !== "number" ||
      !Array.isArray(changes)
    )
      throw new SyntaxError("a field is missing");
    return { id, sequence, activity, atMs, changes, isKept };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new TenonError({
      kind: "machine",
      code: "HISTORY_DAMAGED",
      message: `the history entry ${file} is damaged: ${error.message}`,
      hints: ["Move the file away; nothing but the history depends on it."],
      cause: error,
    });
  }
}
