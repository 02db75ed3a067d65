/** What follows the steps: foreign files come back, stale by-products go, the journal is closed. */
import { readRecordsIn } from "../prefix/index.ts";
import { type Disk, DiskError, exists } from "../world/index.ts";
import { sweepByProducts } from "./by-products.ts";
import { carryOver } from "./carry-over.ts";
import { saveEdits } from "./local-edits.ts";
import type { Journal, JournalStep } from "./journal.ts";
import { isLasting } from "./lasting-errors.ts";
import { undo } from "./steps.ts";
import { endsOf, type Workplace } from "./workplace.ts";

export interface SettleOptions {
  readonly sync: boolean;
}

/**
 * Ends a transaction whose steps are all done. May be repeated from its start after a crash: each
 * part finds nothing left to do the second time. Gives notes for the person.
 */
export function settle(
  disk: Disk,
  workplace: Workplace,
  journal: Journal,
  options: SettleOptions,
): string[] {
  const displaced = readRecordsIn(disk, workplace.layout, workplace.before);
  const foreign = readRecordsIn(disk, workplace.layout, workplace.foreign);
  const notes = [
    ...carryOver(disk, workplace, journal.steps, [...displaced, ...foreign]),
    ...saveEdits(disk, workplace, journal.steps, displaced),
    ...saveEdits(disk, workplace, journal.steps, foreign, "was nobody's"),
    ...sweepByProducts(disk, workplace, journal.steps),
  ];
  closeJournal(disk, workplace, options);
  return notes;
}

/** Undoes what was done of a transaction, last step first, and forgets it. Gives notes. */
export function takeBack(
  disk: Disk,
  workplace: Workplace,
  journal: Journal,
  options: SettleOptions,
): string[] {
  const notes: string[] = [];
  for (const step of [...journal.steps].reverse()) {
    notes.push(...undoStep(disk, workplace, step, options));
  }
  notes.push(...sweepByProducts(disk, workplace, journal.steps));
  const records = readRecordsIn(disk, workplace.layout, `${workplace.records}/packages`);
  notes.push(...carryOver(disk, workplace, journal.steps, records));
  if (options.sync) disk.syncFileSystem(workplace.root);
  disk.removeFile(workplace.layout.journal);
  if (options.sync) disk.syncDirectory(workplace.layout.state);
  return notes;
}

/** Blames the prefix's side: tenon's own is as tenon has made it. */
function undoStep(
  disk: Disk,
  workplace: Workplace,
  step: JournalStep,
  options: SettleOptions,
): string[] {
  try {
    return undo(disk, workplace, step, options);
  } catch (error) {
    if (!isLasting(error)) throw error;
    const path = endsOf(workplace, step).shared;
    throw new DiskError({ code: error.code, operation: error.operation, path, cause: error });
  }
}

/** All that was done since the journal was opened is durable before it is closed. */
function closeJournal(disk: Disk, workplace: Workplace, options: SettleOptions): void {
  if (options.sync) disk.syncFileSystem(workplace.root);
  disk.rename(workplace.layout.journal, workplace.closedJournal);
  // After a power loss Btrfs may show the file at both ends; such a rename does nothing.
  if (exists(disk, workplace.layout.journal)) disk.removeFile(workplace.layout.journal);
  if (!options.sync) return;
  disk.syncDirectory(workplace.root);
  disk.syncDirectory(workplace.layout.state);
}
