/** Kernel locks on a simulated disk. */
import type { Lock } from "../disk.ts";
import { mayRead, mayWrite } from "./paths.ts";
import {
  addInode,
  beginChange,
  type Call,
  locate,
  locateNew,
  refuse,
  type Session,
  writeBytes,
} from "./session.ts";

/** As flock does it: the lock belongs to the inode, and a second opening of it is refused too. */
export function tryLock(session: Session, path: string): Lock | undefined {
  const { kernel, process } = session;
  const inode = openLockFile(session, { operation: "lock", path });
  if (kernel.locks.has(inode)) return undefined;
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

function openLockFile(session: Session, call: Call): number {
  const { kernel } = session;
  beginChange(session, { name: "lock", path: call.path });
  const place = locate(kernel, call, true);
  const { inode } = place;
  if (inode !== undefined) {
    if (inode.type === "directory") refuse(call, "EISDIR");
    if (!mayRead(kernel, inode) || !mayWrite(kernel, inode)) refuse(call, "EACCES");
    return inode.number;
  }
  const operation = { name: "create", path: call.path };
  beginChange(session, operation);
  const now = locate(kernel, call, true);
  if (now.inode !== undefined) return now.inode.number; // another process has just made it
  const slot = locateNew(kernel, call, now);
  return addInode(kernel, operation, slot, { type: "file", mode: 0o644 });
}
