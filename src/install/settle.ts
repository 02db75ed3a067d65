/** What follows the steps: foreign files come back, stale by-products go, the journal is closed. */
import { isByProduct, joinPath, nameOf, parentOf } from "../core/index.ts";
import { listForeign, readRecordsIn, statePath, type PackageRecord } from "../prefix/index.ts";
import { type Disk, exists, isDiskError, makeDirectories, removeTree } from "../world/index.ts";
import type { Journal, JournalStep } from "./journal.ts";
import { isDone, saveBeside, undo } from "./steps.ts";
import { directoriesTouched, endsOf, type Workplace } from "./workplace.ts";

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
  const notes = carryOver(disk, workplace, journal.steps, readRecordsIn(disk, workplace.before));
  sweepByProducts(disk, workplace, journal.steps);
  if (options.sync) syncTouched(disk, workplace, journal.steps);
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
    if (!isDone(disk, workplace, step)) continue;
    const note = undo(disk, workplace, step);
    if (note !== undefined) notes.push(note);
  }
  const records = readRecordsIn(disk, `${workplace.incoming}/${statePath}/packages`);
  notes.push(...carryOver(disk, workplace, journal.steps, records));
  if (options.sync) syncTouched(disk, workplace, journal.steps);
  disk.removeFile(workplace.layout.journal);
  if (options.sync) disk.syncDirectory(workplace.layout.state);
  return notes;
}

/**
 * A file that somebody made in a directory after it was judged free of foreign files and before
 * it was displaced is now on our side: it goes back to its place (I5).
 */
function carryOver(
  disk: Disk,
  workplace: Workplace,
  steps: readonly JournalStep[],
  records: readonly PackageRecord[],
): string[] {
  const owned = new Set<string>();
  for (const record of records) for (const { path } of record.manifest) owned.add(path);
  const notes: string[] = [];
  for (const step of steps) {
    const side = step.kind === "retire" ? workplace.retired : workplace.incoming;
    if (disk.status(endsOf(workplace, step).own)?.type !== "directory") continue;
    for (const path of listForeign(disk, side, step.path, (inner) => owned.has(inner))) {
      notes.push(...bringBack(disk, side, workplace.layout.prefix, path));
    }
  }
  return notes;
}

function bringBack(disk: Disk, from: string, to: string, path: string): string[] {
  makeDirectories(disk, `${to}/${parentOf(path)}`);
  try {
    disk.renameNoReplace(`${from}/${path}`, `${to}/${path}`);
    return [];
  } catch (error) {
    if (!isDiskError(error, "EEXIST")) throw error;
  }
  const bothAreDirectories =
    disk.status(`${from}/${path}`)?.type === "directory" &&
    disk.status(`${to}/${path}`)?.type === "directory";
  if (!bothAreDirectories) return [saveBeside(disk, `${from}/${path}`, `${to}/${path}`)];
  return disk.list(`${from}/${path}`).flatMap((item) => {
    const inner = joinPath(path, item.name);
    return isByProduct(inner) ? [] : bringBack(disk, from, to, inner);
  });
}

/** The bytecode of a module that changed or left, exactly (PEP 3147 names it after the source). */
function sweepByProducts(disk: Disk, workplace: Workplace, steps: readonly JournalStep[]): void {
  for (const step of steps) {
    if (step.kind === "graft" || !step.path.endsWith(".py")) continue;
    const folder = `${workplace.layout.prefix}/${joinPath(parentOf(step.path), "__pycache__")}`;
    if (disk.status(folder)?.type !== "directory") continue;
    const stem = `${nameOf(step.path).slice(0, -".py".length)}.`;
    const stale = disk
      .list(folder)
      .filter(
        ({ name }) =>
          name.startsWith(stem) && /^[^.]*(\.opt-\d)?\.pyc$/.test(name.slice(stem.length)),
      );
    for (const { name } of stale) removeTree(disk, `${folder}/${name}`);
    if (stale.length > 0 && disk.list(folder).length === 0) removeIfEmpty(disk, folder);
  }
}

function removeIfEmpty(disk: Disk, directory: string): void {
  try {
    disk.removeDirectory(directory);
  } catch (error) {
    if (!isDiskError(error, "ENOTEMPTY", "ENOENT", "EEXIST")) throw error;
  }
}

function syncTouched(disk: Disk, workplace: Workplace, steps: readonly JournalStep[]): void {
  for (const directory of directoriesTouched(workplace, steps)) {
    if (exists(disk, directory)) disk.syncDirectory(directory);
  }
}

function closeJournal(disk: Disk, workplace: Workplace, options: SettleOptions): void {
  disk.rename(workplace.layout.journal, workplace.closedJournal);
  if (!options.sync) return;
  disk.syncDirectory(workplace.root);
  disk.syncDirectory(workplace.layout.state);
}
