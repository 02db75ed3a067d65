/** Doing a step, undoing it, and telling whether it was done. */
import { ancestorsOf, parentOf } from "../core/index.ts";
import { DiskError, type Disk, exists, makeDirectories } from "../world/index.ts";
import { saveBeside } from "./carry-over.ts";
import type { JournalStep } from "./journal.ts";
import { linkOrCopy } from "./link-or-copy.ts";
import { bearsMark } from "./marks.ts";
import { displacedEnd, endsOf, type Workplace } from "./workplace.ts";

/**
 * Decided by our own side alone: what happens at the shared side after a crash (a person deletes
 * the file, a program replaces it) must not confuse the answer. Only a removed directory leaves
 * nothing on our side: there, what is in its place is seen, and removing one is repeated.
 */
export function isDone(disk: Disk, workplace: Workplace, step: JournalStep): boolean {
  const { own, shared } = endsOf(workplace, step);
  switch (step.kind) {
    case "graft":
      return !exists(disk, own);
    case "exchange":
      // Nothing is on our side when what was displaced was put back without ours.
      return exists(disk, own) && !bearsMark(disk, own, step);
    case "replace":
      // Neither is there when what was displaced is back, and a power loss has taken ours.
      return !exists(disk, own) && exists(disk, displacedEnd(workplace, step));
    case "retire":
      return exists(disk, own);
    case "vacate":
      return disk.status(shared)?.type !== "directory";
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
    case "replace":
      checkKept(disk, shared, displacedEnd(workplace, step));
      return disk.rename(own, shared);
    case "retire":
      return disk.renameNoReplace(shared, own);
    case "vacate":
      return disk.removeDirectory(shared);
  }
}

/** Gives what is to be replaced a second name on our side: nothing else would be left of it. */
export function keepSecondName(disk: Disk, workplace: Workplace, step: JournalStep): void {
  if (step.kind !== "replace") return;
  const { shared } = endsOf(workplace, step);
  if (exists(disk, shared)) linkOrCopy(disk, shared, displacedEnd(workplace, step));
}

/** Only what has a second name, or a copy since which it has not changed, is replaced (I5). */
function checkKept(disk: Disk, shared: string, kept: string): void {
  const [there, ours] = [disk.status(shared), disk.status(kept)];
  const fail = (code: string): never => {
    throw new DiskError({ code, operation: "replace", path: shared });
  };
  if (there === undefined || ours === undefined) return fail("ENOENT");
  if (there.inode === ours.inode) return;
  const isSame = there.type === ours.type && there.sizeBytes === ours.sizeBytes;
  if (!isSame || there.type === "directory") return fail("EEXIST");
  if (there.type === "link" && disk.readLink(shared) === disk.readLink(kept)) return;
  if (there.modifiedMs !== ours.modifiedMs) fail("EEXIST");
}

/**
 * Undoes a step if it was done. What somebody has put in the place of ours meanwhile is never taken
 * to our side, where it would be thrown away with the rest (I5). Gives notes for the person.
 */
export function undo(
  disk: Disk,
  workplace: Workplace,
  step: JournalStep,
  { sync }: { readonly sync: boolean },
): string[] {
  if (step.kind === "vacate") return makeAgain(disk, workplace, step, sync);
  if (step.kind === "replace") return undoReplace(disk, workplace, step);
  if (!isDone(disk, workplace, step)) return [];
  const { shared, own } = endsOf(workplace, step);
  const isOurs = bearsMark(disk, shared, step);
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

/** Whether it was done or a part of its undoing: ours is known by its mark wherever it is. */
function undoReplace(disk: Disk, workplace: Workplace, step: JournalStep): string[] {
  const { shared, own } = endsOf(workplace, step);
  const displaced = displacedEnd(workplace, step);
  if (bearsMark(disk, shared, step) && exists(disk, displaced)) {
    if (!exists(disk, own)) linkOrCopy(disk, shared, own);
    disk.rename(displaced, shared);
    return [];
  }
  return isDone(disk, workplace, step) ? putBack(disk, workplace, step) : [];
}

/**
 * Done again where it was done already: a kill may have come between the two calls of a mkdir. It is
 * durable before anything is put back into it: else a power loss could leave that in no directory.
 */
function makeAgain(disk: Disk, workplace: Workplace, step: JournalStep, sync: boolean): string[] {
  const { shared } = endsOf(workplace, step);
  const mode = step.mode ?? 0o755;
  const notes: string[] = [];
  const present = disk.status(shared);
  if (present?.type !== "directory") {
    notes.push(...makeRoom(disk, workplace, step));
    disk.makeDirectory(shared, mode);
  } else if (present.mode !== mode) disk.setMode(shared, mode);
  if (sync) disk.syncDirectory(parentOf(shared));
  return notes;
}

/** To its place, whatever has become of that. */
function putBack(disk: Disk, workplace: Workplace, step: JournalStep): string[] {
  const notes = makeRoom(disk, workplace, step);
  disk.renameNoReplace(displacedEnd(workplace, step), endsOf(workplace, step).shared);
  return notes;
}

/** Missing folders are made, and what is in the way is kept beside it. */
function makeRoom(disk: Disk, workplace: Workplace, step: JournalStep): string[] {
  const { shared } = endsOf(workplace, step);
  const { prefix } = workplace.layout;
  const notes: string[] = [];
  for (const path of [...ancestorsOf(step.path), step.path].map((each) => `${prefix}/${each}`)) {
    const type = disk.status(path)?.type;
    if (type === undefined) break;
    if (type === "directory" && path !== shared) continue;
    notes.push(`${path} was in the way and is kept as ${saveBeside(disk, path, path)}`);
  }
  makeDirectories(disk, `${prefix}/${parentOf(step.path)}`);
  return notes;
}
