/** Writing a file of a simulated disk piece by piece. */
import type { Disk, FileWriter } from "../disk.ts";
import { syncInode } from "./durability.ts";
import { type Inode, inodeOf } from "./image.ts";
import type { Kernel } from "./kernel.ts";
import { mayWrite, type EntryPlace } from "./paths.ts";
import { refuseUnlessPlain } from "./reading.ts";
import {
  addInode,
  beginChange,
  type Call,
  checkNotReadOnly,
  locate,
  locateNew,
  refuse,
  type SimulatedSession,
  writeBytes,
} from "./session.ts";

export function openWriter(
  session: SimulatedSession,
  path: string,
  options: NonNullable<Parameters<Disk["openWriter"]>[1]> = {},
): FileWriter {
  const { kernel } = session;
  const call = { operation: options.append ? "open" : "create", path };
  const place = options.append ? locate(kernel, call, false) : undefined;
  const inode =
    place?.inode === undefined
      ? create(session, call, { mode: options.mode ?? 0o644, place })
      : checkAppendable(kernel, call, place.inode);
  return writerOf(session, path, inode);
}

function create(
  session: SimulatedSession,
  call: Call,
  { mode, place }: { mode: number; place: EntryPlace | undefined },
): number {
  const operation = { name: "create", path: call.path };
  beginChange(session, operation);
  const slot = locateNew(session.kernel, call, place);
  return addInode(session.kernel, operation, slot, { type: "file", mode });
}

function checkAppendable(kernel: Kernel, call: Call, inode: Inode): number {
  refuseUnlessPlain(call, inode);
  if (!mayWrite(kernel, inode)) refuse(call, "EACCES");
  checkNotReadOnly(kernel, call, inode);
  return inode.number;
}

function writerOf(session: SimulatedSession, path: string, inode: number): FileWriter {
  let isOpen = true;
  const checkOpen = (operation: string): void => {
    if (!isOpen) refuse({ operation, path }, "EBADF");
  };
  return {
    write: (chunk) => {
      checkOpen("write");
      const bytes = Buffer.from(chunk);
      const offset = sizeOf(session.kernel, inode);
      writeBytes(session, path, { inode, offset, bytes, truncate: false, modifiedMs: undefined });
    },
    sync: () => {
      checkOpen("fsync");
      beginChange(session, { name: "fsync", path });
      syncInode(session.kernel, inode);
    },
    close: () => {
      isOpen = false;
    },
  };
}

function sizeOf(kernel: Kernel, number: number): number {
  const inode = inodeOf(kernel.live, number);
  return inode.type === "file" ? inode.content.length : 0;
}
