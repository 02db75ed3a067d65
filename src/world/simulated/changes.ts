/** Changes of an image: each one atomic, plain data, and refused when it does not fit the image. */
import {
  type DirectoryInode,
  directoryOf,
  editable,
  type Image,
  type Inode,
  inodeOf,
} from "./image.ts";

/** One name in one directory. */
export interface Slot {
  readonly directory: number;
  readonly name: string;
}

export type DiskChange = EntryChange | InodeChange;

/** Changes what a directory lists. */
export type EntryChange =
  | { readonly kind: "add"; readonly slot: Slot; readonly inode: number }
  | { readonly kind: "remove"; readonly slot: Slot; readonly inode: number }
  | {
      readonly kind: "move";
      readonly from: Slot;
      readonly to: Slot;
      readonly inode: number;
      readonly replaced: number | undefined;
    }
  | {
      readonly kind: "swap";
      readonly from: Slot;
      readonly to: Slot;
      readonly inode: number;
      readonly other: number;
    };

/** Changes what an inode holds. */
export type InodeChange =
  | {
      readonly kind: "write";
      readonly inode: number;
      readonly offset: number;
      readonly bytes: Uint8Array;
      /** Drops the old content first. */
      readonly truncate: boolean;
      /** Sets the file's time too; the time of the change when undefined. */
      readonly modifiedMs: number | undefined;
    }
  | { readonly kind: "mode"; readonly inode: number; readonly mode: number }
  | { readonly kind: "group"; readonly inode: number; readonly group: number }
  | { readonly kind: "times"; readonly inode: number; readonly modifiedMs: number }
  | {
      readonly kind: "attributes";
      readonly inode: number;
      readonly attributes: ReadonlySet<string>;
    };

/** False, and nothing changed, when an earlier change that this one builds on is missing. */
export function applyChange(image: Image, change: DiskChange, timeMs: number): boolean {
  switch (change.kind) {
    case "add":
      if (entryAt(image, change.slot) !== undefined) return false;
      putEntry(image, change.slot, change.inode, timeMs);
      return true;
    case "remove":
      if (entryAt(image, change.slot) !== change.inode) return false;
      if (!mayVanish(image, change.inode)) return false;
      dropEntry(image, change.slot, change.inode, timeMs);
      return true;
    case "move":
      return applyMove(image, change, timeMs);
    case "swap":
      return applySwap(image, change, timeMs);
    default:
      applyToInode(editable(image, change.inode), change, timeMs);
      return true;
  }
}

function applyMove(image: Image, change: EntryChange & { kind: "move" }, timeMs: number): boolean {
  const { from, to, inode } = change;
  const there = entryAt(image, to);
  if (entryAt(image, from) !== inode || isBelow(image, to.directory, inode)) return false;
  if (there !== undefined && (there !== change.replaced || !mayVanish(image, there))) return false;
  if (there !== undefined) dropEntry(image, to, there, timeMs);
  dropEntry(image, from, inode, timeMs);
  putEntry(image, to, inode, timeMs);
  return true;
}

function applySwap(image: Image, change: EntryChange & { kind: "swap" }, timeMs: number): boolean {
  const { from, to, inode, other } = change;
  if (entryAt(image, from) !== inode || entryAt(image, to) !== other) return false;
  if (isBelow(image, to.directory, inode) || isBelow(image, from.directory, other)) return false;
  dropEntry(image, from, inode, timeMs);
  dropEntry(image, to, other, timeMs);
  putEntry(image, from, other, timeMs);
  putEntry(image, to, inode, timeMs);
  return true;
}

function applyToInode(inode: Inode, change: InodeChange, timeMs: number): void {
  inode.changedMs = timeMs;
  if (change.kind === "mode") inode.mode = change.mode;
  else if (change.kind === "group") {
    inode.group = change.group;
    if (inode.type === "file") inode.mode &= 0o1777;
  } else if (change.kind === "times") inode.modifiedMs = change.modifiedMs;
  else if (change.kind === "attributes") inode.attributes = change.attributes;
  else if (inode.type === "file") {
    const old = change.truncate ? inode.content.subarray(0, 0) : inode.content;
    const content = new Uint8Array(Math.max(old.length, change.offset + change.bytes.length));
    content.set(old);
    content.set(change.bytes, change.offset);
    inode.content = content;
    inode.modifiedMs = change.modifiedMs ?? timeMs;
  }
}

function entryAt(image: Image, slot: Slot): number | undefined {
  return directoryOf(image, slot.directory).entries.get(slot.name);
}

function mayVanish(image: Image, number: number): boolean {
  const inode = inodeOf(image, number);
  return inode.type !== "directory" || inode.entries.size === 0;
}

function putEntry(image: Image, slot: Slot, number: number, timeMs: number): void {
  const directory = editable(image, slot.directory) as DirectoryInode;
  directory.entries.set(slot.name, number);
  touch(directory, timeMs);
  const inode = editable(image, number);
  inode.changedMs = timeMs;
  if (inode.type === "directory") inode.parent = slot.directory;
  else inode.linkCount += 1;
}

function dropEntry(image: Image, slot: Slot, number: number, timeMs: number): void {
  const directory = editable(image, slot.directory) as DirectoryInode;
  directory.entries.delete(slot.name);
  touch(directory, timeMs);
  const inode = editable(image, number);
  inode.changedMs = timeMs;
  if (inode.type !== "directory") inode.linkCount -= 1;
}

function touch(inode: Inode, timeMs: number): void {
  inode.modifiedMs = timeMs;
  inode.changedMs = timeMs;
}

/** Whether a directory is `ancestor` or lies below it. */
export function isBelow(image: Image, directory: number, ancestor: number): boolean {
  for (let at = directory; ;) {
    if (at === ancestor) return true;
    const { parent } = directoryOf(image, at);
    if (parent === at) return false;
    at = parent;
  }
}
