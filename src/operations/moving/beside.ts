/**
 * Making a folder whole beside its place, so that it comes there in one step: whoever is killed meanwhile leaves
 * nothing at the place, and the next one removes what is beside it.
 */
import { nameOf, typedWord, TenonError } from "../../core/index.ts";
import { modeBelow } from "../../prefix/index.ts";
import { type Disk, exists, makeDirectories, removeTree, type World } from "../../world/index.ts";

/** Names beside a folder that nobody else uses. */
export interface Beside {
  readonly parent: string;
  /** What is to come to the place. */
  readonly fresh: string;
  /** What has left it. */
  readonly old: string;
  /** A file of a moment. */
  readonly temporary: string;
  readonly lock: string;
}

/** `place` is absolute, and not the root. */
export function besideOf(place: string): Beside {
  const parent = parentFolder(place);
  const start = `${parent === "/" ? "" : parent}/.${nameOf(place)}.tenon-`;
  return {
    parent,
    fresh: `${start}new`,
    old: `${start}old`,
    temporary: `${start}tmp`,
    lock: `${start}lock`,
  };
}

export function parentFolder(path: string): string {
  return path.slice(0, path.lastIndexOf("/")) || "/";
}

/** Removes before and afterwards whatever is there beside the place. */
export async function withBeside<Result>(
  { disk }: World,
  place: string,
  act: (beside: Beside) => Promise<Result>,
): Promise<Result> {
  const beside = besideOf(place);
  makeDirectories(disk, beside.parent);
  const lock = disk.tryLock(beside.lock);
  if (lock === undefined) throw busy(place);
  const clean = (): void => {
    for (const each of [beside.temporary, beside.fresh, beside.old]) removeTree(disk, each);
  };
  try {
    clean();
    const result = await act(beside);
    clean();
    return result;
  } catch (error) {
    clean();
    throw error;
  } finally {
    disk.removeFile(beside.lock);
    lock.release();
  }
}

/** With the mode and the group of the empty folder that is at the place, else with the mode of `like`. */
export function makeFresh(
  disk: Disk,
  { fresh, parent }: Beside,
  place: string,
  like: string,
): void {
  const there = disk.status(place);
  disk.makeDirectory(fresh, there?.mode ?? disk.status(like)?.mode ?? modeBelow(disk, parent));
  if (there !== undefined && disk.status(fresh)?.groupId !== there.groupId)
    disk.setGroup(fresh, there.groupId);
  if (there !== undefined) disk.setMode(fresh, there.mode);
}

/** In one step; an empty folder at the place gives way. */
export function putInPlace(
  disk: Disk,
  { fresh, parent }: Beside,
  { place, sync }: { readonly place: string; readonly sync: boolean },
): void {
  if (sync) disk.syncFileSystem(fresh);
  disk.rename(fresh, place);
  if (sync) disk.syncDirectory(parent);
}

/** Throws unless nothing is there, or an empty folder. */
export function requireFree(disk: Disk, place: string): void {
  if (!exists(disk, place)) return;
  const status = disk.status(place);
  if (status?.type === "directory" && disk.list(place).length === 0) return;
  throw new TenonError({
    kind: "usage",
    code: "PLACE_TAKEN",
    message:
      status?.type === "directory"
        ? `the folder ${place} is not empty`
        : `there is something at ${place} already`,
    hints: [`Name a folder that does not exist, or one that is empty.`],
  });
}

function busy(place: string): TenonError {
  return new TenonError({
    kind: "conflict",
    code: "PLACE_BUSY",
    message: `another process is making or moving ${place} at this moment`,
    hints: [`Wait until it has ended, and look at \`ls ${typedWord(place)}\`.`],
  });
}
