/** The calls of a simulated disk that make changes durable. */
import type { Disk } from "../disk.ts";
import { syncDevice, syncInode } from "./durability.ts";
import type { Inode } from "./image.ts";
import { mayRead } from "./paths.ts";
import { beginChange, locateInode, refuse, type SimulatedSession } from "./session.ts";

type SyncCalls = Pick<
  Disk,
  "syncFile" | "syncDirectory" | "syncFileSystem" | "syncFileSystemAside"
>;

export function syncCalls(session: SimulatedSession): SyncCalls {
  const { kernel } = session;
  const sync = (path: string): void => syncInode(kernel, open(session, "fsync", path).number);
  return {
    syncFile: sync,
    syncDirectory: sync,
    syncFileSystem: (path) => syncDevice(kernel, open(session, "syncfs", path).device),
    syncFileSystemAside: async (path) => syncDevice(kernel, open(session, "syncfs", path).device),
  };
}

function open(session: SimulatedSession, operation: string, path: string): Inode {
  beginChange(session, { name: operation, path });
  const inode = locateInode(session.kernel, { operation, path }, true);
  return mayRead(session.kernel, inode) ? inode : refuse({ operation, path }, "EACCES");
}
