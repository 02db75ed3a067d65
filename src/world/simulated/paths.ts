/** Path resolution, as the kernel does it: through symlinks, mounts and permission bits. */
import type { ErrnoCode } from "../disk.ts";
import type { Slot } from "./changes.ts";
import { directoryOf, type Inode, inodeOf } from "./image.ts";
import type { Kernel } from "./kernel.ts";
import { topInode } from "./mounts.ts";

/** Where a path leads: the last name's slot, and the inode there if there is one. */
export interface EntryPlace extends Slot {
  readonly inode: Inode | undefined;
}

/** How many symlinks the kernel follows in one path. */
const linkLimit = 40;
const nameLimitBytes = 255;

/** The name is empty for a root, and for a path that ends in `..`. */
export function findPlace(
  kernel: Kernel,
  path: string,
  followLast: boolean,
): EntryPlace | ErrnoCode {
  const names = namesOf(path).reverse();
  let at: Inode = inodeOf(kernel.live, topInode);
  let linksLeft = linkLimit;
  for (let name = names.pop(); name !== undefined; name = names.pop()) {
    if (at.type !== "directory") return "ENOTDIR";
    if (!mayEnter(kernel, at)) return "EACCES";
    if (name === "..") {
      at = inodeOf(kernel.live, at.parent);
      continue;
    }
    if (isTooLong(name)) return "ENAMETOOLONG";
    const isLast = names.length === 0;
    const child = childOf(kernel, at.entries.get(name));
    if (child?.type === "link" && (!isLast || followLast)) {
      if (linksLeft-- === 0) return "ELOOP";
      if (child.target.startsWith("/")) at = inodeOf(kernel.live, topInode);
      names.push(...namesOf(child.target).reverse());
      continue;
    }
    if (isLast) return { directory: at.number, name, inode: child };
    if (child === undefined) return "ENOENT";
    at = child;
  }
  const directory = at.type === "directory" ? at.parent : topInode;
  return { directory, name: "", inode: at };
}

/** The path of a directory without symlinks. */
export function pathOfDirectory(kernel: Kernel, number: number): string {
  if (number === topInode) return "/";
  const { parent } = directoryOf(kernel.live, number);
  for (const [name, child] of directoryOf(kernel.live, parent).entries) {
    if (childOf(kernel, child)?.number === number) {
      return `${parent === topInode ? "" : pathOfDirectory(kernel, parent)}/${name}`;
    }
  }
  return "/";
}

export function mayRead(kernel: Kernel, inode: Inode): boolean {
  return kernel.privileged || (inode.mode & 0o400) !== 0;
}

export function mayWrite(kernel: Kernel, inode: Inode): boolean {
  return kernel.privileged || (inode.mode & 0o200) !== 0;
}

function mayEnter(kernel: Kernel, inode: Inode): boolean {
  return kernel.privileged || (inode.mode & 0o100) !== 0;
}

function childOf(kernel: Kernel, number: number | undefined): Inode | undefined {
  if (number === undefined) return undefined;
  return inodeOf(kernel.live, kernel.fileSystems.rootOver.get(number) ?? number);
}

function namesOf(path: string): string[] {
  return path.split("/").filter((name) => name !== "" && name !== ".");
}

function isTooLong(name: string): boolean {
  return name.length * 3 > nameLimitBytes && Buffer.byteLength(name) > nameLimitBytes;
}
