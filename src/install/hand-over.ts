/**
 * A stage that is handed over comes in as it is, by one rename; until the end it can go back.
 *
 * `origin.json` says where it came from. That alone is not believed: a prefix that somebody else has
 * made can say anything, and would have its file moved anywhere (I15). So it also says what no
 * archive can know that is unpacked: the inodes of the folders between which the stage was moved, of
 * the stage, and of the transaction's lock, and when that was made. All must still hold.
 */
import { parentOf, pathDefect } from "../core/index.ts";
import { readState, smallLimitBytes } from "../prefix/index.ts";
import { type Disk, exists, isDiskError, withWeakRenames } from "../world/index.ts";
import { saveBeside } from "./carry-over.ts";
import { keepsInodes } from "./ground.ts";
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
  const origin: Origin = { stage, witness: witnessOf(disk, workplace, stage, stage) };
  disk.createFile(workplace.origin, JSON.stringify(origin));
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

interface Origin {
  /** Absolute. */
  readonly stage: string;
  readonly witness: string;
}

/**
 * `tree` is the stage, wherever it is now. Where directories have no lasting numbers, the lock alone has
 * to tell: that no archive can know when it was made is enough.
 */
function witnessOf(disk: Disk, workplace: Workplace, stage: string, tree: string): string {
  const { root, lock } = workplace;
  const folders = keepsInodes(disk, workplace) ? [root, tree, folderOf(stage)] : [];
  const inodes = [lock, ...folders].map((path) => String(disk.status(path)?.inode));
  return [...inodes, disk.status(lock)?.changedMs].join(" ");
}

function folderOf(stage: string): string {
  return parentOf(stage) || "/";
}

export interface GivenBack {
  /** For the person. */
  readonly notes: readonly string[];
  /** It could not go back, so its folder must stay. */
  readonly isKept: boolean;
}

/** Moves a stage that was handed over back to its place, or beside it. */
export function giveBack(ours: Disk, workplace: Workplace): GivenBack {
  const disk = withWeakRenames(ours); // it may have come in so
  const notes: string[] = [];
  const { incoming, origin } = workplace;
  if (!exists(disk, origin)) return { notes, isKept: false };
  if (exists(disk, incoming)) {
    const { stage, witness } = readOrigin(disk, workplace) ?? {};
    if (stage === undefined || witness !== witnessOf(disk, workplace, stage, incoming)) {
      return kept(workplace);
    }
    try {
      notes.push(moveBack(disk, incoming, stage));
    } catch (error) {
      if (isLasting(error)) return kept(workplace);
      throw error;
    }
    disk.syncDirectory(folderOf(stage)); // else the folder could be gone before the stage is there
  }
  disk.removeFile(origin);
  return { notes, isKept: false };
}

function readOrigin(disk: Disk, { layout, origin }: Workplace): Origin | undefined {
  const content = readState(disk, layout, origin, smallLimitBytes);
  return content === undefined ? undefined : parseOrigin(content.toString());
}

/** Undefined when it is none. */
export function parseOrigin(text: string): Origin | undefined {
  let value: Partial<Origin> | null;
  try {
    value = JSON.parse(text) as typeof value;
  } catch {
    return undefined;
  }
  const { stage, witness } = value ?? {};
  if (typeof stage !== "string" || typeof witness !== "string") return undefined;
  if (!stage.startsWith("/") || pathDefect(stage.slice(1)) !== undefined) return undefined;
  return { stage, witness };
}

function kept({ id, incoming }: Workplace): GivenBack {
  const note = `the stage of the interrupted transaction ${id} cannot go back to where it was and is kept as ${incoming}: move or remove it`;
  return { notes: [note], isKept: true };
}

function moveBack(disk: Disk, from: string, stage: string): string {
  try {
    disk.renameNoReplace(from, stage);
    return `the stage ${stage} is back, unchanged`;
  } catch (error) {
    if (!isDiskError(error, "EEXIST")) throw error;
    return `another stage is at ${stage}: the interrupted one is kept as ${saveBeside(disk, from, stage)}`;
  }
}
