/** One file of an incoming tree is brought into a transaction's folder, as its package asks for. */
import { type FileEntry, TenonError } from "../core/index.ts";
import {
  type CopiedFile,
  differenceFrom,
  type Disk,
  isDiskError,
  removeTree,
} from "../world/index.ts";
import type { Incoming } from "./change.ts";
import { linkOrCopy, isLinkRefused } from "./link-or-copy.ts";

/** How the content of a file comes to its new place; see `Incoming`. */
interface Passage {
  readonly from: string;
  readonly to: string;
  readonly entry: FileEntry;
}

export function bringFile(disk: Disk, incoming: Incoming, passage: Passage): void {
  const { writtenMs } = incoming;
  if (writtenMs === undefined) bring(disk, incoming, passage);
  else bringChecked(disk, { ...incoming, writtenMs }, passage);
}

/** What came is judged, not where it came from: that can change until the last moment. */
function bringChecked(
  disk: Disk,
  incoming: Incoming & Required<Pick<Incoming, "writtenMs">>,
  passage: Passage,
): void {
  const { to, entry } = passage;
  try {
    const { sha256, ...arrived } = bring(disk, incoming, passage) ?? {};
    if (sha256 !== undefined) {
      if (sha256 === entry.sha256 && arrived.mode === entry.mode) return;
    } else if (differenceFrom(disk, to, entry, wasWritten(incoming.writtenMs)) === undefined)
      return;
  } catch (error) {
    const isSound = differenceFrom(disk, passage.from, entry) === undefined;
    if (!isDiskError(error) || isSound) throw error;
  }
  throw damaged(incoming, passage);
}

/** Gives what came, where it was looked at. */
function bring(
  disk: Disk,
  { transfer = "copy", writtenMs, capable }: Incoming,
  { from, to, entry }: Passage,
): Partial<CopiedFile> | undefined {
  switch (transfer) {
    case "copy":
      if (writtenMs !== undefined) return disk.copyChecked(from, to, { share: true });
      disk.copyFile(from, to);
      if (capable?.has(entry.path) === true) disk.copyAttribute(from, to, "security.capability");
      return undefined;
    case "rewrite":
      return disk.copyChecked(from, to, { share: false });
    case "link":
    case "move":
      return void linkOrCopy(disk, from, to);
    case "share":
    case "share-freely":
      return share(disk, { from, to, entry }, mostNames(transfer))
        ? undefined
        : disk.copyChecked(from, to, { share: true });
  }
}

/** A link and a copy keep the time of the file's last modification, which an edit changes. */
export function wasWritten([first, last]: readonly [number, number]) {
  return ({ modifiedMs }: { readonly modifiedMs: number }): boolean =>
    first <= modifiedMs && modifiedMs <= last;
}

/**
 * How many names a file may have once it is shared. With a third one, an edit in one prefix is in another at once,
 * which `verify` finds there, and nothing else does: that is for who says so.
 */
export function mostNames(transfer: Incoming["transfer"]): number {
  return transfer === "share-freely" ? Number.POSITIVE_INFINITY : 2;
}

/** One more name of an inode, or false. */
function share(disk: Disk, { from, to }: Passage, most: number): boolean {
  const status = disk.status(from);
  if (status?.type !== "file" || status.linkCount >= most) return false;
  try {
    disk.hardLink(from, to);
  } catch (error) {
    if (isLinkRefused(error)) return false;
    throw error;
  }
  const arrived = disk.status(to);
  if (arrived?.type === "file" && arrived.linkCount <= most) return true;
  removeTree(disk, to); // another process has linked or replaced it at the same moment
  return false;
}

const damageCode = "CONTENT_CHANGED";

/** Whether a transaction ended, with nothing changed, because a tree of the store is damaged. */
export function isDamage(error: unknown): boolean {
  return error instanceof TenonError && error.code === damageCode;
}

function damaged({ name, version }: Incoming, { from }: Passage): TenonError {
  return new TenonError({
    kind: "machine",
    code: damageCode,
    message: `the store's copy of ${name} ${version} was damaged while it was taken: ${from} is not as it was made`,
    hints: ["Run the command again: what is damaged is then made anew."],
  });
}
