/** The calls of a simulated disk that make files and change what an inode holds. */
import { digestOf } from "../../core/index.ts";
import { type CopiedFile, type Disk, isDiskError } from "../disk.ts";
import type { Slot } from "./changes.ts";
import type { Inode } from "./image.ts";
import { commitToCache } from "./kernel.ts";
import { mayRead, mayWrite } from "./paths.ts";
import {
  addInode,
  beginChange,
  type Call,
  checkNotReadOnly,
  locateInode,
  locateNew,
  refuse,
  type SimulatedSession,
  writeBytes,
} from "./session.ts";

type ContentCalls = Pick<
  Disk,
  | "createFile"
  | "copyFile"
  | "copyChecked"
  | "setMode"
  | "setGroup"
  | "setTimes"
  | "removeAttribute"
  | "copyAttribute"
>;

export function contentCalls(session: SimulatedSession): ContentCalls {
  return {
    createFile: (path, content, mode = 0o644) => {
      const bytes = typeof content === "string" ? Buffer.from(content) : Buffer.from(content);
      createWith(session, { operation: "create", path }, { bytes, mode, modifiedMs: undefined });
    },
    copyFile: (from, to) => copyFile(session, from, to),
    copyChecked: (from, to) => copyChecked(session, from, to),
    setMode: (path, mode) => setMode(session, path, mode),
    setGroup: (path, group) => setGroup(session, path, group),
    setTimes: (path, modifiedMs) => setTimes(session, path, modifiedMs),
    removeAttribute: (path, name) => removeAttribute(session, path, name),
    copyAttribute: (from, to, name) => copyAttribute(session, from, to, name),
  };
}

interface NewContent {
  readonly bytes: Uint8Array;
  readonly mode: number;
  readonly modifiedMs: number | undefined;
}

/** Two operations, as on a real disk: an empty file, then its content. */
function createWith(session: SimulatedSession, call: Call, content: NewContent): void {
  const { bytes, mode, modifiedMs } = content;
  const { inode, slot } = createEmpty(session, call, mode);
  if (bytes.length === 0 && modifiedMs === undefined) return;
  try {
    writeBytes(session, call.path, { inode, offset: 0, bytes, truncate: false, modifiedMs });
  } catch (error) {
    if (isDiskError(error)) {
      const operation = { name: "unlink", path: call.path };
      commitToCache(session.kernel, operation, { kind: "remove", slot, inode });
    }
    throw error;
  }
}

function createEmpty(
  session: SimulatedSession,
  call: Call,
  mode: number,
): { readonly inode: number; readonly slot: Slot } {
  const operation = { name: "create", path: call.path };
  beginChange(session, operation);
  const slot = locateNew(session.kernel, call);
  return { inode: addInode(session.kernel, operation, slot, { type: "file", mode }), slot };
}

function copyFile(session: SimulatedSession, from: string, to: string): void {
  const source = { operation: "copy", path: from };
  const inode = locateInode(session.kernel, source, true);
  if (!mayRead(session.kernel, inode)) refuse(source, "EACCES");
  if (inode.type !== "file") {
    locateNew(session.kernel, { operation: "copy", path: to });
    return refuse(source, inode.type === "directory" ? "EISDIR" : "ENXIO");
  }
  const { content: bytes, mode, modifiedMs } = inode;
  createWith(session, { operation: "copy", path: to }, { bytes, mode, modifiedMs });
}

/** On a file system that shares no blocks. */
function copyChecked(session: SimulatedSession, from: string, to: string): CopiedFile {
  const source = { operation: "copy", path: from };
  const inode = locateInode(session.kernel, source, false);
  if (inode.type === "link") return refuse(source, "ELOOP");
  if (inode.type !== "file") return refuse(source, "EINVAL");
  if (!mayRead(session.kernel, inode)) return refuse(source, "EACCES");
  const { content: bytes, mode, modifiedMs } = inode;
  createWith(session, { operation: "copy", path: to }, { bytes, mode, modifiedMs });
  return { mode, modifiedMs, sizeBytes: bytes.length, sha256: digestOf(bytes) };
}

function setMode(session: SimulatedSession, path: string, mode: number): void {
  const operation = { name: "chmod", path };
  beginChange(session, operation);
  const { number } = locateChangeable(session, { operation: "chmod", path }, true);
  commitToCache(session.kernel, operation, { kind: "mode", inode: number, mode });
}

function setGroup(session: SimulatedSession, path: string, group: number): void {
  const operation = { name: "chgrp", path };
  beginChange(session, operation);
  const { number } = locateChangeable(session, { operation: "chgrp", path }, false);
  commitToCache(session.kernel, operation, { kind: "group", inode: number, group });
}

function setTimes(session: SimulatedSession, path: string, modifiedMs: number): void {
  const operation = { name: "utimes", path };
  beginChange(session, operation);
  const { number } = locateChangeable(session, { operation: "utimes", path }, false);
  commitToCache(session.kernel, operation, { kind: "times", inode: number, modifiedMs });
}

function removeAttribute(session: SimulatedSession, path: string, name: string): void {
  const call: Call = { operation: "removexattr", path };
  const operation = { name: "removexattr", path };
  beginChange(session, operation);
  const inode = locateChangeable(session, call, false);
  if (!mayWrite(session.kernel, inode)) refuse(call, "EACCES");
  if (!inode.attributes.has(name)) refuse(call, "ENODATA");
  const attributes = new Set(inode.attributes);
  attributes.delete(name);
  const change = { kind: "attributes", inode: inode.number, attributes } as const;
  commitToCache(session.kernel, operation, change);
}

function copyAttribute(session: SimulatedSession, from: string, to: string, name: string): void {
  const operation = { name: "setxattr", path: to };
  beginChange(session, operation);
  const source: Call = { operation: "setxattr", path: from };
  const { attributes: given } = locateInode(session.kernel, source, false);
  if (!given.has(name)) refuse(source, "ENODATA");
  const inode = locateChangeable(session, { operation: "setxattr", path: to }, false);
  const attributes = new Set([...inode.attributes, name]);
  const change = { kind: "attributes", inode: inode.number, attributes } as const;
  commitToCache(session.kernel, operation, change);
}

function locateChangeable(session: SimulatedSession, call: Call, followLast: boolean): Inode {
  const inode = locateInode(session.kernel, call, followLast);
  checkNotReadOnly(session.kernel, call, inode);
  return inode;
}
