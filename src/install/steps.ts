/** Doing a step, undoing it, and telling whether it was done. */
import { ancestorsOf, parentOf } from "../core/index.ts";
import { type Disk, exists, makeDirectories } from "../world/index.ts";
import { saveBeside } from "./carry-over.ts";
import type { JournalStep } from "./journal.ts";
import { endsOf, type Workplace } from "./workplace.ts";

/**
 * Decided by our own side alone: what happens at the shared side after a crash (a person deletes
 * the file, a program replaces it) must not confuse the answer.
 */
export function isDone(disk: Disk, workplace: Workplace, step: JournalStep): boolean {
  const { own } = endsOf(workplace, step);
  switch (step.kind) {
    case "graft":
      return !exists(disk, own);
    case "exchange": {
      // Nothing is on our side when what was displaced was put back without ours.
      const inode = disk.status(own)?.inode;
      return inode !== undefined && String(inode) !== step.inode;
    }
    case "retire":
      return exists(disk, own);
  }
}

/** One system call (I4). Fails with EEXIST or ENOENT when the prefix changed under our feet. */
export function perform(disk: Disk, workplace: Workplace, step: JournalStep): void {
  const { shared, own } = endsOf(workplace, step);
  switch (step.kind) {
    case "graft":
      return disk.renameNoReplace(own, shared);
    case "exchange":
      return disk.exchange(own, shared);
    case "retire":
      return disk.renameNoReplace(shared, own);
  }
}

/**
 * The step must be done. What somebody has put in the place of ours meanwhile is never taken to
 * our side, where it would be thrown away with the rest (I5). Gives notes for the person.
 */
export function undo(disk: Disk, workplace: Workplace, step: JournalStep): string[] {
  const { shared, own } = endsOf(workplace, step);
  const isOurs = String(disk.status(shared)?.inode) === step.inode;
  switch (step.kind) {
    case "graft":
      if (isOurs) disk.renameNoReplace(shared, own);
      return [];
    case "exchange":
      if (!isOurs) return putBack(disk, workplace, step);
      disk.exchange(own, shared);
      return [];
    case "retire":
      return putBack(disk, workplace, step);
  }
}

/** To its place, whatever has become of that: missing folders are made, the rest makes room. */
function putBack(disk: Disk, workplace: Workplace, step: JournalStep): string[] {
  const { shared, own } = endsOf(workplace, step);
  const { prefix } = workplace.layout;
  const notes: string[] = [];
  for (const path of [...ancestorsOf(step.path), step.path].map((each) => `${prefix}/${each}`)) {
    const type = disk.status(path)?.type;
    if (type === undefined) break;
    if (type === "directory" && path !== shared) continue;
    notes.push(`${path} was in the way and is kept as ${saveBeside(disk, path, path)}`);
  }
  makeDirectories(disk, `${prefix}/${parentOf(step.path)}`);
  disk.renameNoReplace(own, shared);
  return notes;
}
