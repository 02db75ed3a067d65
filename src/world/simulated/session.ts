/** A session: one process on one kernel, and the checks that its calls begin with. */
import { DiskError, type ErrnoCode } from "../disk.ts";
import type { DiskChange, Slot } from "./changes.ts";
import { type DiskOperation, passGate, refuseTheDead, type SimulatedProcess } from "./faults.ts";
import { directoryOf, type Inode, type Seed } from "./image.ts";
import { allocate, commitToCache, type Kernel } from "./kernel.ts";
import { fileSystemOf, type MountOptions } from "./mounts.ts";
import { findPlace, mayWrite, type EntryPlace } from "./paths.ts";

export interface SimulatedSession {
  readonly kernel: Kernel;
  readonly process: SimulatedProcess;
}

/** Counts a changing operation and lets the plan act on it. */
export function beginChange(session: SimulatedSession, operation: DiskOperation): void {
  passGate(session.process, operation, () => endProcess(session));
}

/** Counts a reading operation if the plan wants that. */
export function beginReading(session: SimulatedSession, name: string, path: string): void {
  if (session.process.plan.countReads) beginChange(session, { name, path });
  else refuseTheDead(session.process, { name, path });
}

/** Kills the process; the kernel drops its locks. */
export function endProcess({ kernel, process }: SimulatedSession): void {
  process.stopped = true;
  if (kernel.processes.get(process.id) === process) kernel.processes.delete(process.id);
  for (const [inode, holder] of kernel.locks) {
    if (holder === process) kernel.locks.delete(inode);
  }
}

/** Who asked for what: what a DiskError says. */
export interface Call {
  readonly operation: string;
  readonly path: string;
}

export function refuse(call: Call, code: ErrnoCode): never {
  throw new DiskError({ code, operation: call.operation, path: call.path });
}

/** The last name of the path may be missing. */
export function locate(kernel: Kernel, call: Call, followLast: boolean): EntryPlace {
  const place = findPlace(kernel, call.path, followLast);
  return typeof place === "string" ? refuse(call, place) : place;
}

/** Fails with ENOENT when nothing is there. */
export function locateInode(kernel: Kernel, call: Call, followLast: boolean): Inode {
  return locate(kernel, call, followLast).inode ?? refuse(call, "ENOENT");
}

/** A free slot in a directory that the caller may write into. */
export function locateNew(kernel: Kernel, call: Call, place = locate(kernel, call, false)): Slot {
  if (place.inode !== undefined) refuse(call, "EEXIST");
  checkWritable(kernel, call, place.directory);
  return { directory: place.directory, name: place.name };
}

export function checkWritable(kernel: Kernel, call: Call, directory: number): void {
  const inode = directoryOf(kernel.live, directory);
  checkNotReadOnly(kernel, call, inode);
  if (!mayWrite(kernel, inode)) refuse(call, "EACCES");
}

export function checkNotReadOnly(kernel: Kernel, call: Call, inode: Inode): void {
  if (fileSystemAt(kernel, inode).readOnly) refuse(call, "EROFS");
}

export function fileSystemAt(kernel: Kernel, inode: Inode): MountOptions {
  return fileSystemOf(kernel.fileSystems, inode.device);
}

/** Adds a new inode under a free slot. */
export function addInode(kernel: Kernel, operation: DiskOperation, slot: Slot, seed: Seed): number {
  const inode = allocate(kernel, slot.directory, seed);
  commitToCache(kernel, operation, { kind: "add", slot, inode });
  return inode;
}

/** Writes into a file that exists, without any check. */
export function writeBytes(
  session: SimulatedSession,
  path: string,
  change: Omit<DiskChange & { kind: "write" }, "kind">,
): void {
  const operation = { name: "write", path };
  beginChange(session, operation);
  commitToCache(session.kernel, operation, { kind: "write", ...change });
}
