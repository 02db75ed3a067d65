/** A stage that is handed over comes in as it is, by one rename; until the end it can go back. */
import { parentOf } from "../core/index.ts";
import {
  type Disk,
  exists,
  isDiskError,
  makeDirectories,
  readTextIfAny,
  withWeakRenames,
} from "../world/index.ts";
import { saveBeside } from "./carry-over.ts";
import type { Workplace } from "./workplace.ts";

/** Why a folder cannot be renamed that could be linked or copied. */
const refusals = ["EXDEV", "EACCES", "EPERM", "EBUSY", "EROFS", "EINVAL"];

/**
 * Moves the stage to `new/`, which must not exist; false, with nothing changed, where that cannot
 * be. Where it came from is durable before, so that whoever finds the folder abandoned gives it back.
 */
export function handOver(
  disk: Disk,
  workplace: Workplace,
  stage: string,
  options: { readonly sync: boolean },
): boolean {
  disk.createFile(workplace.origin, JSON.stringify({ stage }));
  if (options.sync) disk.syncFileSystem(workplace.root);
  try {
    disk.renameNoReplace(stage, workplace.incoming);
    return true;
  } catch (error) {
    if (!isDiskError(error, ...refusals)) throw error;
    disk.removeFile(workplace.origin);
    return false;
  }
}

/** Moves a stage that was handed over back to its place, or beside it. Gives notes for the person. */
export function giveBack(ours: Disk, workplace: Workplace): string[] {
  const disk = withWeakRenames(ours); // it may have come in so
  const origin = readTextIfAny(disk, workplace.origin);
  if (origin === undefined) return [];
  const notes: string[] = [];
  if (exists(disk, workplace.incoming)) {
    const { stage } = JSON.parse(origin) as { readonly stage: string };
    makeDirectories(disk, parentOf(stage));
    notes.push(moveBack(disk, workplace.incoming, stage));
    disk.syncDirectory(parentOf(stage)); // else the folder could be gone before the stage is there
  }
  disk.removeFile(workplace.origin);
  return notes;
}

function moveBack(disk: Disk, from: string, stage: string): string {
  try {
    disk.renameNoReplace(from, stage);
    return `the stage ${stage} is back as it was`;
  } catch (error) {
    if (!isDiskError(error, "EEXIST")) throw error;
    return `another stage is at ${stage}: the interrupted one is kept as ${saveBeside(disk, from, stage)}`;
  }
}
