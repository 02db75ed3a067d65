/**
 * Durability: which changes are on the disk for certain, and what a power loss may leave.
 *
 * A change is pending until something syncs it. Syncing a file takes its content, mode and
 * attributes; syncing a directory takes the entries that it lists, and a rename is one entry change
 * that either of its two directories takes whole. What a change builds on goes with it: the
 * earlier changes of the same names. Nothing else does: neither the entry of a synced file nor
 * the entry of a synced directory, because POSIX promises neither. A power loss keeps any of the
 * pending changes and loses the others, in any combination, except that one whose foundation is
 * lost is lost too.
 */
import { assert } from "../../core/index.ts";
import {
  applyChange,
  type DiskChange,
  type EntryChange,
  type InodeChange,
  type Slot,
} from "./changes.ts";
import { copyImage, repair, type Image, inodeOf } from "./image.ts";
import type { Kernel, Pending } from "./kernel.ts";

/** fsync: of a file's content, or of a directory's entries. */
export function syncInode(kernel: Kernel, number: number): void {
  const isOwn = ({ change }: Pending): boolean => isInodeChange(change) && change.inode === number;
  const entries =
    inodeOf(kernel.live, number).type === "directory"
      ? entryChangesOf(kernel, number)
      : new Set<Pending>();
  makeDurable(kernel, (pending) => isOwn(pending) || entries.has(pending));
}

/** syncfs: everything on one device. */
export function syncDevice(kernel: Kernel, device: number): void {
  makeDurable(kernel, ({ change }) => deviceOf(kernel, change) === device);
}

function makeDurable(kernel: Kernel, isSynced: (pending: Pending) => boolean): void {
  const rest: Pending[] = [];
  for (const pending of kernel.pending) {
    if (!isSynced(pending)) {
      rest.push(pending);
      continue;
    }
    const fits = applyChange(kernel.durable, pending.change, pending.timeMs);
    assert(fits, `a sync tore ${pending.operation.name} ${pending.operation.path} from its base`);
  }
  kernel.pending = rest;
}

/** The pending changes of a directory's entries, and the earlier ones that they build on. */
function entryChangesOf(kernel: Kernel, directory: number): Set<Pending> {
  const found = new Set<Pending>();
  const directories = new Set([directory]);
  const slots = new Set<string>();
  let wantsMoves = false;
  for (const pending of kernel.pending.toReversed()) {
    const { change } = pending;
    if (isInodeChange(change)) continue;
    const touched = slotsOf(change);
    const movesDirectory = changesParent(kernel, change);
    const isWanted = touched.some(
      (slot) => directories.has(slot.directory) || slots.has(keyOf(slot)),
    );
    if (!isWanted && !(wantsMoves && movesDirectory)) continue;
    found.add(pending);
    wantsMoves ||= movesDirectory;
    for (const slot of touched) slots.add(keyOf(slot));
    const vanished = vanishedBy(change);
    if (vanished !== undefined) directories.add(vanished);
  }
  return found;
}

function slotsOf(change: EntryChange): Slot[] {
  return change.kind === "add" || change.kind === "remove"
    ? [change.slot]
    : [change.from, change.to];
}

function keyOf(slot: Slot): string {
  return `${slot.directory}/${slot.name}`;
}

/** Whether a change is safe from loops only while earlier moves of directories hold. */
function changesParent(kernel: Kernel, change: EntryChange): boolean {
  if (change.kind === "add" || change.kind === "remove") return false;
  if (change.from.directory === change.to.directory) return false;
  const moved = change.kind === "swap" ? [change.inode, change.other] : [change.inode];
  return moved.some((number) => inodeOf(kernel.live, number).type === "directory");
}

/** An inode that had to be empty, if it is a directory. */
function vanishedBy(change: EntryChange): number | undefined {
  if (change.kind === "remove") return change.inode;
  return change.kind === "move" ? change.replaced : undefined;
}

function deviceOf(kernel: Kernel, change: DiskChange): number {
  return inodeOf(kernel.live, change.inode).device;
}

function isInodeChange(change: DiskChange): change is InodeChange {
  return !("slot" in change || "from" in change);
}

/** What becomes of one pending change; a torn write leaves the first half of its bytes. */
export type Fate = boolean | "torn";

/** The image that a machine finds when it starts again. */
export function imageAfterPowerLoss(
  kernel: Kernel,
  choose: (pending: Pending, index: number) => Fate,
): Image {
  const image = copyImage(kernel.durable);
  for (const [index, pending] of kernel.pending.entries()) {
    const fate = choose(pending, index);
    if (fate === false) continue;
    applyChange(image, fate === "torn" ? torn(pending.change) : pending.change, pending.timeMs);
  }
  const { roots, rootOver } = kernel.fileSystems;
  repair(image, [...roots, ...rootOver.keys()]);
  return image;
}

function torn(change: DiskChange): DiskChange {
  if (change.kind !== "write") return change;
  return { ...change, bytes: change.bytes.subarray(0, change.bytes.length >> 1) };
}
