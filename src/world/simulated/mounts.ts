/** The file systems of a simulated machine and where they are mounted. */
import { assert } from "../../core/index.ts";
import { type DirectoryInode, directoryOf, type Image, makeInode, ownGroup } from "./image.ts";

export interface MountOptions {
  readonly path: string;
  /** False for a file system such as NFS: RENAME_NOREPLACE and RENAME_EXCHANGE give EINVAL. */
  readonly renameFlags?: boolean;
  /** False for a file system such as FAT: a hard link gives EPERM. */
  readonly hardLinks?: boolean;
  readonly readOnly?: boolean;
  /**
   * An overlay over two file systems: files are of another device than directories, and these get
   * another inode number when the machine starts again.
   */
  readonly layered?: boolean;
}

export interface FileSystems {
  /** The options of each file system, by device number less one. */
  readonly mounted: readonly MountOptions[];
  /** The root of each file system, by the directory that it covers. */
  readonly rootOver: ReadonlyMap<number, number>;
  readonly roots: readonly number[];
}

/** The inode of `/`. */
export const topInode = 1;

/** Fills an empty image with the roots and the directories that they are mounted on. */
export function mountFileSystems(
  image: Image,
  mounts: readonly (string | MountOptions)[],
  timeMs: number,
): FileSystems {
  const listed = mounts.map((mount) => (typeof mount === "string" ? { path: mount } : mount));
  const top = listed.find((mount) => mount.path === "/") ?? { path: "/" };
  const others = listed
    .filter((mount) => mount.path !== "/")
    .sort((a, b) => a.path.length - b.path.length);
  const rootOver = new Map<number, number>();
  const add = (device: number, parent: number): number => {
    const number = image.inodes.size + 1;
    const seed = { type: "directory", mode: 0o755, parent } as const;
    image.inodes.set(number, makeInode({ number, device, group: ownGroup }, timeMs, seed));
    return number;
  };
  const roots = [add(1, topInode)];
  for (const [index, mount] of others.entries()) {
    const covered = makePath(image, mount.path, rootOver, add);
    const root = add(index + 2, directoryOf(image, covered).parent);
    rootOver.set(covered, root);
    roots.push(root);
  }
  return { mounted: [top, ...others], rootOver, roots };
}

function makePath(
  image: Image,
  path: string,
  rootOver: ReadonlyMap<number, number>,
  add: (device: number, parent: number) => number,
): number {
  assert(path.startsWith("/"), `the mount point ${path} is not absolute`);
  let at = topInode;
  for (const name of path.split("/").filter(Boolean)) {
    const directory: DirectoryInode = directoryOf(image, rootOver.get(at) ?? at);
    const child = directory.entries.get(name) ?? add(directory.device, directory.number);
    directory.entries.set(name, child);
    at = child;
  }
  return at;
}

export function fileSystemOf(fileSystems: FileSystems, device: number): MountOptions {
  const mount = fileSystems.mounted[device - 1];
  assert(mount !== undefined, `there is no device ${device}`);
  return mount;
}

/** Whether an inode, as paths lead to it, is the root of a file system. */
export function isMountPoint(fileSystems: FileSystems, inode: number): boolean {
  return fileSystems.roots.includes(inode);
}
