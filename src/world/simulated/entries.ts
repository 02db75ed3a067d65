/** The calls of a simulated disk that add and remove entries. */
import type { Disk } from "../disk.ts";
import type { DiskOperation } from "./faults.ts";
import { commitToCache, type Kernel, liveInode } from "./kernel.ts";
import { isMountPoint } from "./mounts.ts";
import {
  addInode,
  beginChange,
  type Call,
  checkWritable,
  fileSystemAt,
  locate,
  locateInode,
  locateNew,
  refuse,
  type SimulatedSession,
} from "./session.ts";

type EntryCalls = Pick<
  Disk,
  "makeDirectory" | "makeLink" | "hardLink" | "removeFile" | "removeUnnameable" | "removeDirectory"
>;

export function entryCalls(session: SimulatedSession): EntryCalls {
  const { kernel } = session;
  const begin = (operation: DiskOperation): DiskOperation => {
    beginChange(session, operation);
    return operation;
  };
  return {
    makeDirectory: (path, mode = 0o755) => {
      const operation = begin({ name: "mkdir", path });
      const slot = locateNew(kernel, { operation: "mkdir", path });
      addInode(kernel, operation, slot, { type: "directory", mode, parent: slot.directory });
    },
    makeLink: (path, target) => {
      const operation = begin({ name: "symlink", path });
      if (target === "") refuse({ operation: "symlink", path }, "ENOENT");
      const slot = locateNew(kernel, { operation: "symlink", path });
      addInode(kernel, operation, slot, { type: "link", target });
    },
    hardLink: (from, to) => hardLink(kernel, begin({ name: "link", path: from, to }), from, to),
    removeFile: (path) => removeFile(kernel, begin({ name: "unlink", path })),
    // Every name here is text, so `list` gives nothing that this could be called for.
    removeUnnameable: (directory) => refuse({ operation: "unlink", path: directory }, "ENOENT"),
    removeDirectory: (path) => removeDirectory(kernel, begin({ name: "rmdir", path })),
  };
}

function hardLink(kernel: Kernel, operation: DiskOperation, from: string, to: string): void {
  const call: Call = { operation: "link", path: to };
  const inode = locateInode(kernel, { operation: "link", path: from }, false);
  const place = locate(kernel, call, false);
  if (place.inode !== undefined) refuse(call, "EEXIST");
  if (inode.device !== liveInode(kernel, place.directory).device) refuse(call, "EXDEV");
  const slot = locateNew(kernel, call, place);
  if (inode.type === "directory") refuse(call, "EPERM");
  if (fileSystemAt(kernel, inode).hardLinks === false) refuse(call, "EPERM");
  commitToCache(kernel, operation, { kind: "add", slot, inode: inode.number });
}

function removeFile(kernel: Kernel, operation: DiskOperation): void {
  const call: Call = { operation: "unlink", path: operation.path };
  const { inode, directory, name } = locate(kernel, call, false);
  if (inode === undefined) return refuse(call, "ENOENT");
  if (name === "") return refuse(call, "EISDIR");
  checkWritable(kernel, call, directory);
  if (inode.type === "directory") return refuse(call, "EISDIR");
  const slot = { directory, name };
  commitToCache(kernel, operation, { kind: "remove", slot, inode: inode.number });
}

function removeDirectory(kernel: Kernel, operation: DiskOperation): void {
  const call: Call = { operation: "rmdir", path: operation.path };
  const { inode, directory, name } = locate(kernel, call, false);
  if (inode === undefined) return refuse(call, "ENOENT");
  if (name === "") return refuse(call, "EBUSY");
  checkWritable(kernel, call, directory);
  if (inode.type !== "directory") return refuse(call, "ENOTDIR");
  if (isMountPoint(kernel.fileSystems, inode.number)) return refuse(call, "EBUSY");
  if (inode.entries.size > 0) return refuse(call, "ENOTEMPTY");
  const slot = { directory, name };
  commitToCache(kernel, operation, { kind: "remove", slot, inode: inode.number });
}
