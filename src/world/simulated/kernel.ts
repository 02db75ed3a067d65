/** The kernel of a simulated machine: the image that processes see, the one on the disk, and locks. */
import { assert } from "../../core/index.ts";
import { applyChange, type DiskChange } from "./changes.ts";
import type { DiskOperation, SimulatedProcess } from "./faults.ts";
import {
  copyImage,
  emptyImage,
  type Image,
  type Inode,
  inodeOf,
  makeInode,
  type Seed,
  ownGroup,
} from "./image.ts";
import { type FileSystems, mountFileSystems, type MountOptions } from "./mounts.ts";

export interface SimulatedDiskOptions {
  /** Where file systems are mounted; only `/` by default, which is always there. */
  readonly mounts?: readonly (string | MountOptions)[];
  /** Passes every permission check, like root. An ordinary user who owns all files by default. */
  readonly privileged?: boolean;
  readonly userId?: number;
  /** Milliseconds since 1970; by default, each change is a millisecond after the one before. */
  readonly now?: () => number;
}

export interface Kernel {
  readonly fileSystems: FileSystems;
  readonly privileged: boolean;
  readonly userId: number;
  readonly now: () => number;
  /** What the processes see: the page cache. */
  readonly live: Image;
  /** What is on the disk for certain. Knows every inode, but only the durable entries. */
  readonly durable: Image;
  /** In the order in which they were made; each is in `live` and not in `durable`. */
  pending: Pending[];
  /** The holder of each locked inode. */
  readonly locks: Map<number, SimulatedProcess>;
  readonly processes: Map<string, SimulatedProcess>;
  /** The directories of an overlay's lower layer. */
  readonly lower: Set<number>;
  /** How often it, or what it is a copy of, has started. */
  readonly starts: number;
  nextInode: number;
  nextProcess: number;
}

/** A change that a power loss can undo. */
export interface Pending {
  readonly operation: DiskOperation;
  readonly change: DiskChange;
  readonly timeMs: number;
}

const firstMoment = Date.UTC(2024, 0, 1);

export function bootKernel(options: SimulatedDiskOptions): Kernel {
  let moment = firstMoment;
  const live = emptyImage();
  const fileSystems = mountFileSystems(live, options.mounts ?? [], firstMoment);
  return {
    fileSystems,
    privileged: options.privileged ?? false,
    userId: options.userId ?? (options.privileged ? 0 : 1000),
    now: options.now ?? (() => (moment += 1)),
    live,
    durable: copyImage(live),
    pending: [],
    locks: new Map(),
    processes: new Map(),
    lower: new Set(),
    starts: 1,
    nextInode: live.inodes.size + 1,
    nextProcess: 1,
  };
}

/** A new inode that no entry leads to yet. */
export function allocate(kernel: Kernel, near: number, seed: Seed): number {
  const number = kernel.nextInode++;
  const { device, mode, group: theirs } = inodeOf(kernel.live, near);
  const group = (mode & 0o2000) !== 0 ? theirs : ownGroup;
  const inode = makeInode({ number, device, group }, kernel.now(), seed);
  kernel.live.inodes.set(number, inode);
  kernel.durable.inodes.set(number, inode);
  return number;
}

/** Makes a change that was found to be possible; it is durable only once it is synced. */
export function commitToCache(kernel: Kernel, operation: DiskOperation, change: DiskChange): void {
  const timeMs = kernel.now();
  assert(applyChange(kernel.live, change, timeMs), `${operation.name} ${operation.path} misfits`);
  kernel.pending.push({ operation, change, timeMs });
}

export function liveInode(kernel: Kernel, number: number): Inode {
  return inodeOf(kernel.live, number);
}
