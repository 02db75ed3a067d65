/** One file of an incoming tree is brought into a transaction's folder, as its package asks for. */
import { type FileEntry, TenonError } from "../core/index.ts";
import { type Disk, removeTree, type Status } from "../world/index.ts";
import type { Incoming } from "./change.ts";
import { linkOrCopy } from "./link-or-copy.ts";

/** How the content of a file comes to its new place; see `Incoming`. */
export interface Passage {
  readonly from: string;
  readonly to: string;
  readonly entry: FileEntry;
}

export function bringFile(disk: Disk, incoming: Incoming, passage: Passage): void {
  const { transfer = "copy", isShared = false, writtenMs } = incoming;
  const { from, to, entry } = passage;
  switch (transfer) {
    case "copy":
      disk.copyFile(from, to);
      if (incoming.capable?.has(entry.path) === true)
        disk.copyAttribute(from, to, "security.capability");
      break;
    case "rewrite":
      rewrite(disk, passage);
      break;
    case "link":
    case "move":
      linkOrCopy(disk, from, to);
      break;
    case "share":
      if (share(disk, passage)) break;
      disk.copyFile(from, to);
      return check(disk, passage);
  }
  if (!isShared) return;
  const status = disk.status(to);
  if (status === undefined || !isUntouched(status, entry, writtenMs)) check(disk, passage);
}

/** A link and a copy keep the time of the file's last modification, which an edit changes. */
export function isUntouched(
  { mode, sizeBytes, modifiedMs }: Pick<Status, "mode" | "sizeBytes" | "modifiedMs">,
  entry: FileEntry,
  writtenMs: Incoming["writtenMs"],
): boolean {
  return (
    writtenMs !== undefined &&
    mode === entry.mode &&
    sizeBytes === entry.sizeBytes &&
    writtenMs[0] <= modifiedMs &&
    modifiedMs <= writtenMs[1]
  );
}

/** Without the file system's sharing of blocks. */
function rewrite(disk: Disk, { from, to, entry }: Passage): void {
  const writer = disk.openWriter(to, { mode: entry.mode });
  try {
    for (const chunk of disk.readChunks(from)) writer.write(chunk);
  } finally {
    writer.close();
  }
  disk.setTimes(to, disk.status(from)?.modifiedMs ?? 0);
}

/**
 * The second name of an inode, or false: with a third one, an edit in one prefix would be in another
 * at once, where nobody could notice. It also keeps an exchange from meeting one inode twice.
 */
function share(disk: Disk, { from, to }: Passage): boolean {
  if (disk.status(from)?.linkCount !== 1) return false;
  linkOrCopy(disk, from, to);
  if ((disk.status(to)?.linkCount ?? 0) <= 2) return true;
  removeTree(disk, to); // another process has linked it at the same moment
  return false;
}

/** What came is looked at, not where it came from: that can change until the last moment. */
function check(disk: Disk, { from, to, entry }: Passage): void {
  if (disk.status(to)?.mode === entry.mode && disk.digestFile(to) === entry.sha256) return;
  throw new TenonError({
    kind: "machine",
    code: "CONTENT_CHANGED",
    message: `${from} was changed by an edit of the file in a prefix that shares it`,
    hints: ["Run the command again: what was changed is then built anew."],
  });
}
