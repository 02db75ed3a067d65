/**
 * A stage that is handed over comes in as it is, by one rename; until the end it can go back.
 *
 * `origin.json` says where it came from. That alone is not believed: a prefix that somebody else has
 * made can say anything, and would have its file moved anywhere (I15). So a mark with the
 * transaction's id, an empty file, lies in the folder that the stage came from. Who can make one
 * there could put the file there as well.
 */
import { parentOf, pathDefect } from "../core/index.ts";
import { readState, smallLimitBytes } from "../prefix/index.ts";
import { type Disk, exists, isDiskError } from "../world/index.ts";
import { saveBeside } from "./carry-over.ts";
import { isLasting } from "./lasting-errors.ts";
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
  const mark = markOf(workplace, stage);
  try {
    disk.createFile(mark, "", 0o600);
  } catch (error) {
    if (isDiskError(error)) return false; // its folder is not ours to change
    throw error;
  }
  disk.createFile(workplace.origin, JSON.stringify({ stage }));
  if (options.sync) disk.syncFileSystem(workplace.root);
  try {
    disk.renameNoReplace(stage, workplace.incoming);
    return true;
  } catch (error) {
    if (!isDiskError(error, ...refusals)) throw error;
    disk.removeFile(workplace.origin);
    disk.removeFile(mark);
    return false;
  }
}

export interface GivenBack {
  /** For the person. */
  readonly notes: readonly string[];
  /** It could not go back, so its folder must stay. */
  readonly isKept: boolean;
}

/** Moves a stage that was handed over back to its place, or beside it. */
export function giveBack(disk: Disk, workplace: Workplace): GivenBack {
  if (!exists(disk, workplace.origin)) return { notes: [], isKept: false };
  const notes: string[] = [];
  if (exists(disk, workplace.incoming)) {
    const stage = readOrigin(disk, workplace);
    if (stage === undefined || !isMarked(disk, workplace, stage)) return kept(workplace);
    try {
      notes.push(moveBack(disk, workplace.incoming, stage));
    } catch (error) {
      if (isLasting(error)) return kept(workplace);
      throw error;
    }
    disk.syncDirectory(parentOf(stage) || "/"); // else the folder could be gone before the stage is there
  }
  forgetOrigin(disk, workplace);
  return { notes, isKept: false };
}

/** Once nothing is to go back any more. */
export function forgetOrigin(disk: Disk, workplace: Workplace): void {
  if (!exists(disk, workplace.origin)) return;
  const stage = readOrigin(disk, workplace);
  if (stage !== undefined && isMarked(disk, workplace, stage)) {
    disk.removeFile(markOf(workplace, stage));
  }
  disk.removeFile(workplace.origin);
}

/** Where the stage was, if that is a path at all. */
function readOrigin(disk: Disk, { layout, origin }: Workplace): string | undefined {
  const content = readState(disk, layout, origin, smallLimitBytes);
  return content === undefined ? undefined : parseOrigin(content.toString());
}

export function parseOrigin(text: string): string | undefined {
  let stage: unknown;
  try {
    stage = (JSON.parse(text) as { readonly stage?: unknown } | null)?.stage;
  } catch {
    return undefined;
  }
  if (typeof stage !== "string" || !stage.startsWith("/")) return undefined;
  return pathDefect(stage.slice(1)) === undefined ? stage : undefined;
}

function markOf({ id }: Workplace, stage: string): string {
  return `${parentOf(stage)}/.tenon-handed-over-${id}`;
}

/** By whom the transaction's folder was made: in a folder of all, anybody can make files. */
function isMarked(disk: Disk, workplace: Workplace, stage: string): boolean {
  const mark = disk.status(markOf(workplace, stage));
  return mark?.type === "file" && mark.ownerId === disk.status(workplace.root)?.ownerId;
}

function kept({ id, incoming }: Workplace): GivenBack {
  const note = `the stage of the interrupted transaction ${id} cannot go back to where it was and is kept as ${incoming}: move or remove it`;
  return { notes: [note], isKept: true };
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
