/** Where a group shares a folder (set-group-ID), what comes below it is the group's, too. */
import { parentOf } from "../core/index.ts";
import { isStatePath } from "../prefix/index.ts";
import { type Disk, removeTree, type Status } from "../world/index.ts";
import type { EntryStep } from "./decide.ts";
import { endsOf, type Workplace } from "./workplace.ts";

/** A tree of ours that is to be a group's. */
export interface Gift {
  readonly tree: string;
  readonly groupId: number;
  /** Whether the group may change folders. */
  readonly isWritable: boolean;
}

/**
 * All of the transaction's folder where the prefix is shared: another member may have to recover it.
 * And what the steps bring to folders that are shared. Seldom anything.
 */
export function findGifts(disk: Disk, workplace: Workplace, steps: readonly EntryStep[]): Gift[] {
  const { prefix } = workplace.layout;
  const sharings = new Map<string, Omit<Gift, "tree"> | undefined>();
  const sharingOf = (folder: string): Omit<Gift, "tree"> | undefined => {
    if (!sharings.has(folder)) {
      const place = folder === "" ? prefix : `${prefix}/${folder}`;
      sharings.set(folder, readSharing(disk.statusOfTarget(place)));
    }
    return sharings.get(folder);
  };
  const whole = sharingOf("");
  const gifts = whole === undefined ? [] : [{ tree: workplace.root, ...whole }];
  for (const step of steps) {
    if (step.kind === "retire" || step.kind === "vacate") continue;
    if (isStatePath(step.path)) continue;
    const sharing = sharingOf(parentOf(step.path));
    if (sharing === undefined || sharing.groupId === whole?.groupId) continue;
    gifts.push({ tree: endsOf(workplace, step).own, ...sharing });
  }
  return gifts;
}

function readSharing(status: Status | undefined): Omit<Gift, "tree"> | undefined {
  if (status === undefined || (status.mode & 0o2000) === 0) return undefined;
  return { groupId: status.groupId, isWritable: (status.mode & 0o020) !== 0 };
}

/** May be repeated. `scratch` is a free path on the same file system. */
export function give(disk: Disk, gift: Gift, scratch: string): void {
  const { tree, groupId, isWritable } = gift;
  const status = disk.status(tree);
  if (status === undefined) return;
  if (status.groupId !== groupId) giveEntry(disk, tree, { status, groupId, scratch });
  if (status.type !== "directory") return;
  // Who may not look into a folder is not let in by writing into it.
  const write = isWritable && (status.mode & 0o050) === 0o050 ? 0o020 : 0;
  disk.setMode(tree, status.mode | 0o2000 | write);
  for (const { name } of disk.list(tree)) give(disk, { ...gift, tree: `${tree}/${name}` }, scratch);
}

function giveEntry(
  disk: Disk,
  path: string,
  { status, groupId, scratch }: { status: Status; groupId: number; scratch: string },
): void {
  if (status.type === "file" && status.linkCount > 1) {
    // The store's inode, or the stage's, has the group that it has.
    removeTree(disk, scratch);
    disk.copyFile(path, scratch);
    disk.rename(scratch, path);
  }
  disk.setGroup(path, groupId);
  if (status.type === "file" && (status.mode & 0o6000) !== 0) disk.setMode(path, status.mode);
}
