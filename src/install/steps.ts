/** Doing a step, undoing it, and telling whether it was done. */
import { type Disk, exists, isDiskError } from "../world/index.ts";
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
    case "exchange":
      return String(disk.status(own)?.inode) !== step.inode;
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

/** The step must be done. Gives a note when somebody's file had to be saved under another name. */
export function undo(disk: Disk, workplace: Workplace, step: JournalStep): string | undefined {
  const { shared, own } = endsOf(workplace, step);
  switch (step.kind) {
    case "graft":
      if (exists(disk, shared)) disk.renameNoReplace(shared, own);
      return undefined;
    case "exchange":
      if (exists(disk, shared)) disk.exchange(own, shared);
      else disk.renameNoReplace(own, shared);
      return undefined;
    case "retire": {
      const note = exists(disk, shared) ? saveBeside(disk, shared, shared) : undefined;
      disk.renameNoReplace(own, shared);
      return note;
    }
  }
}

/** Keeps somebody's file, now at `from`, beside `place`, which is taken (I5). Gives a note. */
export function saveBeside(disk: Disk, from: string, place: string): string {
  for (let count = 0; ; count += 1) {
    const saved = count === 0 ? `${place}.tenon-save` : `${place}.tenon-save.${count}`;
    try {
      disk.renameNoReplace(from, saved);
      return `${place} was in the way and is kept as ${saved}`;
    } catch (error) {
      if (!isDiskError(error, "EEXIST")) throw error;
    }
  }
}
