/** rename and its two flags, with the kernel's checks in the kernel's order. */
import type { Disk } from "../disk.ts";
import { isBelow } from "./changes.ts";
import type { DiskOperation } from "./faults.ts";
import type { Inode } from "./image.ts";
import { commitToCache, type Kernel, liveInode } from "./kernel.ts";
import { isMountPoint } from "./mounts.ts";
import { mayWrite, type EntryPlace } from "./paths.ts";
import {
  beginChange,
  type Call,
  checkWritable,
  fileSystemAt,
  locate,
  refuse,
  type SimulatedSession,
} from "./session.ts";

type RenameCalls = Pick<Disk, "rename" | "renameNoReplace" | "exchange">;

type Flag = "replace" | "no-replace" | "exchange";

export function renameCalls(session: SimulatedSession): RenameCalls {
  const call = (flag: Flag) => (from: string, to: string) => {
    const operation = { name: flag === "exchange" ? "exchange" : "rename", path: from, to };
    beginChange(session, operation);
    rename(session.kernel, operation, to, flag);
  };
  return {
    rename: call("replace"),
    renameNoReplace: call("no-replace"),
    exchange: call("exchange"),
  };
}

function rename(kernel: Kernel, operation: DiskOperation, toPath: string, flag: Flag): void {
  const fromCall: Call = { operation: operation.name, path: operation.path };
  const toCall: Call = { operation: operation.name, path: toPath };
  const from = locate(kernel, fromCall, false);
  const to = locate(kernel, toCall, false);
  checkDevices(kernel, toCall, { from, to, flag });
  const source = from.inode ?? refuse(fromCall, "ENOENT");
  const target = to.inode;
  if (flag === "no-replace" && target !== undefined) refuse(toCall, "EEXIST");
  if (flag === "exchange" && target === undefined) refuse(toCall, "ENOENT");
  checkLoops(kernel, toCall, { from, to, flag });
  if (target?.number === source.number) return;
  checkWritable(kernel, fromCall, from.directory);
  checkWritable(kernel, toCall, to.directory);
  if (flag !== "exchange") checkTypes(toCall, source, target);
  checkMoved(kernel, fromCall, source, from.directory !== to.directory);
  if (target !== undefined) {
    checkMoved(kernel, toCall, target, flag === "exchange" && from.directory !== to.directory);
    if (flag !== "exchange" && target.type === "directory" && target.entries.size > 0) {
      refuse(toCall, "ENOTEMPTY");
    }
  }
  commit(kernel, operation, { from, to, source, target, flag });
}

interface Ends {
  readonly from: EntryPlace;
  readonly to: EntryPlace;
  readonly flag: Flag;
}

function checkDevices(kernel: Kernel, call: Call, { from, to, flag }: Ends): void {
  const parent = liveInode(kernel, from.directory);
  if (parent.device !== liveInode(kernel, to.directory).device) refuse(call, "EXDEV");
  if (from.name === "" || to.name === "") {
    refuse(call, flag === "no-replace" && to.name === "" ? "EEXIST" : "EBUSY");
  }
  if (flag !== "replace" && fileSystemAt(kernel, parent).renameFlags === false) {
    refuse(call, "EINVAL");
  }
}

/** A directory can move neither below itself nor onto one that it lies in. */
function checkLoops(kernel: Kernel, call: Call, { from, to, flag }: Ends): void {
  if (from.inode?.type === "directory" && isBelow(kernel.live, to.directory, from.inode.number)) {
    refuse(call, "EINVAL");
  }
  if (to.inode?.type === "directory" && isBelow(kernel.live, from.directory, to.inode.number)) {
    refuse(call, flag === "exchange" ? "EINVAL" : "ENOTEMPTY");
  }
}

function checkTypes(call: Call, source: Inode, target: Inode | undefined): void {
  if (target === undefined) return;
  if (source.type === "directory" && target.type !== "directory") refuse(call, "ENOTDIR");
  if (source.type !== "directory" && target.type === "directory") refuse(call, "EISDIR");
}

/** A directory that gets another parent is written to: its `..` changes. */
function checkMoved(kernel: Kernel, call: Call, inode: Inode, changesParent: boolean): void {
  if (inode.type !== "directory") return;
  if (changesParent && !mayWrite(kernel, inode)) refuse(call, "EACCES");
  if (isMountPoint(kernel.fileSystems, inode.number)) refuse(call, "EBUSY");
  if (kernel.lower.has(inode.number)) refuse(call, "EXDEV");
}

function commit(
  kernel: Kernel,
  operation: DiskOperation,
  { from, to, source, target, flag }: Ends & { source: Inode; target: Inode | undefined },
): void {
  const slots = {
    from: { directory: from.directory, name: from.name },
    to: { directory: to.directory, name: to.name },
    inode: source.number,
  };
  if (flag === "exchange" && target !== undefined) {
    commitToCache(kernel, operation, { kind: "swap", ...slots, other: target.number });
  } else {
    commitToCache(kernel, operation, { kind: "move", ...slots, replaced: target?.number });
  }
}
