/** Kernel locks on a simulated disk. */
import type { Lock } from "../disk.ts";
import { commitToCache, liveInode } from "./kernel.ts";
import { mayRead, mayWrite } from "./paths.ts";
import { plainFile, refuseUnlessPlain } from "./reading.ts";
import {
  addInode,
  beginChange,
  type Call,
  locate,
  locateNew,
  refuse,
  type SimulatedSession,
  writeBytes,
} from "./session.ts";

/** The lock belongs to the inode, and a second opening of it is refused too. */
export function tryLock(session: SimulatedSession, path: string, mode = 0o600): Lock | undefined {
  const { kernel, process } = session;
  const inode = openLockFile(session, { operation: "lock", path }, mode);
  if (kernel.locks.has(inode)) return undefined;
  // Nobody else has files open here, so a private mode is as good as a new file.
  if ((liveInode(kernel, inode).mode & 0o777) !== mode) {
    const operation = { name: "chmod", path };
    beginChange(session, operation);
    commitToCache(kernel, operation, { kind: "mode", inode, mode });
  }
  kernel.locks.set(inode, process);
  let isHeld = true;
  return {
    describe: (holder) => {
      if (!isHeld) refuse({ operation: "write", path }, "EBADF");
      const bytes = Buffer.from(holder);
      writeBytes(session, path, { inode, offset: 0, bytes, truncate: true, modifiedMs: undefined });
    },
    release: () => {
      if (isHeld && kernel.locks.get(inode) === process) kernel.locks.delete(inode);
      isHeld = false;
    },
  };
}

export function isLocked(session: SimulatedSession, path: string): boolean {
  const { kernel } = session;
  const inode = plainFile(kernel, { operation: "lock", path });
  return kernel.locks.has(inode.number);
}

function openLockFile(session: SimulatedSession, call: Call, mode: number): number {
  const { kernel } = session;
  beginChange(session, { name: "lock", path: call.path });
  const place = locate(kernel, call, false);
  const { inode } = place;
  if (inode !== undefined) {
    refuseUnlessPlain(call, inode);
    if (!mayRead(kernel, inode) || !mayWrite(kernel, inode)) refuse(call, "EACCES");
    return inode.number;
  }
  const operation = { name: "create", path: call.path };
  beginChange(session, operation);
  const now = locate(kernel, call, false);
  if (now.inode !== undefined) return now.inode.number; // another process has just made it
  const slot = locateNew(kernel, call, now);
  return addInode(kernel, operation, slot, { type: "file", mode });
}
