/** The calls of a simulated disk that change nothing. */
import { type Digest, digestOf } from "../../core/index.ts";
import type { Aspect, DirectoryItem, Disk, Status } from "../disk.ts";
import { directoryOf, type FileInode, type Inode } from "./image.ts";
import { type Kernel, liveInode } from "./kernel.ts";
import { findPlace, mayRead, mayWrite, pathOfDirectory } from "./paths.ts";
import {
  beginReading,
  type Call,
  fileSystemAt,
  locate,
  locateInode,
  refuse,
  type SimulatedSession,
} from "./session.ts";

type ReadingCalls = Pick<
  Disk,
  | "status"
  | "statusOfTarget"
  | "identity"
  | "list"
  | "readFile"
  | "readPlainFile"
  | "readChunks"
  | "readSlice"
  | "digestFile"
  | "readLink"
  | "realPath"
  | "isWritable"
  | "isFixed"
  | "mountPointsBelow"
  | "attributes"
>;

const chunkBytes = 1 << 18;
const directorySizeBytes = 4096;

export function readingCalls(session: SimulatedSession): ReadingCalls {
  const { kernel } = session;
  const begin = (name: string, path: string): Call => {
    beginReading(session, name, path);
    return { operation: name, path };
  };
  const content = (call: Call): Uint8Array => contentOf(kernel, call);
  return {
    status: (path) => statusAt(kernel, begin("lstat", path), false),
    statusOfTarget: (path) => statusAt(kernel, begin("stat", path), true),
    identity: (path, aspect) =>
      identityText(statusAt(kernel, begin("stat", path), aspect !== "entry"), aspect),
    list: (path) => list(kernel, begin("list", path)),
    readFile: (path, limitBytes = Number.POSITIVE_INFINITY) => {
      const call = begin("read", path);
      const bytes = content(call);
      return bytes.length > limitBytes ? refuse(call, "EFBIG") : Buffer.from(bytes);
    },
    readPlainFile: (path, limitBytes) => {
      const call = begin("read", path);
      const { content: bytes, mode } = plainFile(kernel, call);
      if (bytes.length > limitBytes) refuse(call, "EFBIG");
      return { content: Buffer.from(bytes), mode, ownerId: kernel.userId };
    },
    readChunks: function* (path, fromByte = 0) {
      const bytes = content(begin("read", path));
      for (let at = fromByte; at < bytes.length; at += chunkBytes) {
        yield Buffer.from(bytes.subarray(at, at + chunkBytes));
      }
    },
    readSlice: (path, offset, length) =>
      Buffer.from(content(begin("read", path)).subarray(offset, offset + length)),
    digestFile: (path, see): Digest => {
      const bytes = content(begin("read", path));
      if (bytes.length > 0) see?.(bytes);
      return digestOf(bytes);
    },
    readLink: (path) => {
      const call = begin("readlink", path);
      const inode = locateInode(kernel, call, false);
      return inode.type === "link" ? inode.target : refuse(call, "EINVAL");
    },
    realPath: (path) => realPath(kernel, begin("realpath", path)),
    isWritable: (path) => {
      begin("access", path);
      return isWritable(kernel, path);
    },
    isFixed: (path) => {
      const { number } = locateInode(kernel, begin("rename", path), false);
      return kernel.lower.has(number);
    },
    mountPointsBelow: (path) => {
      const root = realPath(kernel, begin("realpath", path));
      return mountPointsBelow(kernel, root === "/" ? root : `${root}/`);
    },
    attributes: (path) => [...locateInode(kernel, begin("listxattr", path), false).attributes],
  };
}

function statusAt(kernel: Kernel, call: Call, followLast: boolean): Status | undefined {
  const place = findPlace(kernel, call.path, followLast);
  if (place === "ENOENT" || place === "ENOTDIR" || place === "ELOOP") return undefined;
  if (typeof place === "string") return refuse(call, place);
  const { inode } = place;
  return inode === undefined ? undefined : statusOf(kernel, inode);
}

function identityText(status: Status | undefined, aspect: Aspect): string {
  if (status === undefined) return "";
  const { type, device, inode, mode, groupId, sizeBytes, modifiedMs, changedMs } = status;
  const what = [type, device, inode, mode, groupId].join(" ");
  if (aspect !== "content" && type === "directory") return what;
  return [what, sizeBytes, modifiedMs, changedMs].join(" ");
}

function mountPointsBelow({ fileSystems }: Kernel, above: string): string[] {
  return fileSystems.mounted
    .map(({ path }) => path)
    .filter((path) => path.startsWith(above) && path !== above)
    .map((path) => path.slice(above.length))
    .sort();
}

function statusOf(kernel: Kernel, inode: Inode): Status {
  return {
    type: inode.type,
    mode: inode.mode,
    sizeBytes: sizeOf(inode),
    modifiedMs: inode.modifiedMs,
    modifiedNs: BigInt(Math.round(inode.modifiedMs * 1e6)),
    changedMs: inode.changedMs,
    ...identityOf(kernel, inode),
    linkCount: inode.type === "directory" ? 2 + subdirectories(kernel, inode) : inode.linkCount,
    ownerId: kernel.userId,
    groupId: inode.group,
    deviceNumber: 0n,
  };
}

/** Far from all other numbers. */
const layerOffset = 1_000_000;

function identityOf(kernel: Kernel, inode: Inode): Pick<Status, "inode" | "device"> {
  const { number, device, type } = inode;
  const isLayered = fileSystemAt(kernel, inode).layered === true;
  const start = isLayered && type === "directory" ? kernel.starts * layerOffset : 0;
  const layer = isLayered && type !== "directory" ? layerOffset : 0;
  return { inode: BigInt(number + start), device: BigInt(device + layer) };
}

function sizeOf(inode: Inode): number {
  if (inode.type === "file") return inode.content.length;
  if (inode.type === "link") return Buffer.byteLength(inode.target);
  return inode.type === "directory" ? directorySizeBytes : 0;
}

function subdirectories(kernel: Kernel, inode: Inode & { type: "directory" }): number {
  let count = 0;
  for (const child of inode.entries.values()) {
    if (liveInode(kernel, child).type === "directory") count += 1;
  }
  return count;
}

function list(kernel: Kernel, call: Call): DirectoryItem[] {
  const inode = locateInode(kernel, call, true);
  if (inode.type !== "directory") return refuse(call, "ENOTDIR");
  if (!mayRead(kernel, inode)) return refuse(call, "EACCES");
  return [...directoryOf(kernel.live, inode.number).entries]
    .map(([name, child]) => ({ name, type: liveInode(kernel, child).type }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Opens a file for reading and reads it whole. */
export function contentOf(kernel: Kernel, call: Call): Uint8Array {
  const inode = locateInode(kernel, call, true);
  if (!mayRead(kernel, inode)) return refuse(call, "EACCES");
  if (inode.type === "file") return inode.content;
  return refuse(call, inode.type === "directory" ? "EISDIR" : "ENXIO");
}

/** A regular file that may be read, and that its last name leads to. */
export function plainFile(kernel: Kernel, call: Call): FileInode {
  const inode = locateInode(kernel, call, false);
  refuseUnlessPlain(call, inode);
  return mayRead(kernel, inode) ? inode : refuse(call, "EACCES");
}

export function refuseUnlessPlain(call: Call, inode: Inode): asserts inode is FileInode {
  if (inode.type === "link") refuse(call, "ELOOP");
  if (inode.type === "directory") refuse(call, "EISDIR");
  if (inode.type !== "file") refuse(call, "ENXIO");
}

function realPath(kernel: Kernel, call: Call): string {
  const place = locate(kernel, call, true);
  if (place.inode === undefined) return refuse(call, "ENOENT");
  if (place.inode.type === "directory") return pathOfDirectory(kernel, place.inode.number);
  const parent = pathOfDirectory(kernel, place.directory);
  return parent === "/" ? `/${place.name}` : `${parent}/${place.name}`;
}

function isWritable(kernel: Kernel, path: string): boolean {
  const place = findPlace(kernel, path, true);
  if (typeof place === "string" || place.inode === undefined) return false;
  return mayWrite(kernel, place.inode) && !fileSystemAt(kernel, place.inode).readOnly;
}
