/** The Disk on this machine's file systems. */
import * as fs from "node:fs";
import {
  DiskError,
  type DirectoryItem,
  type Disk,
  type FileType,
  type FileWriter,
  type Status,
} from "../disk.ts";
import { attempt, attemptBoth, check, checkBoth, statsIfAny } from "./attempts.ts";
import { copyChecked, copyFile } from "./copies.ts";
import { openDescriptor } from "./descriptor.ts";
import { extract } from "./extract.ts";
import { identity } from "./identity.ts";
import { copyTrees } from "./copy-trees.ts";
import { linkTrees } from "./link-trees.ts";
import { digestFile, readChunks, readFile, readSlice } from "./reading.ts";
import { isLocked, openLock } from "./lock.ts";
import { checkPlain, plainFlags, readPlainFile } from "./plain-files.ts";
import { isFixed, mountPointsBelow } from "./mounts.ts";
import { systemCalls } from "./system-calls.ts";

const exact = { bigint: true, throwIfNoEntry: false } as const;

export function createRealDisk(): Disk {
  return { ...reading, ...changing, ...syncing, ...attributes };
}

const reading = {
  status: (path) => attempt("lstat", path, () => statusFrom(() => fs.lstatSync(path, exact))),
  statusOfTarget: (path) => attempt("stat", path, () => statusFrom(() => fs.statSync(path, exact))),
  identity,
  list: (path) => attempt("list", path, () => list(path)),
  readFile,
  readPlainFile,
  readChunks,
  readSlice,
  digestFile,
  readLink: (path) => attempt("readlink", path, () => fs.readlinkSync(path)),
  realPath: (path) => attempt("realpath", path, () => fs.realpathSync.native(path)),
  isWritable,
  isFixed,
  mountPointsBelow,
} satisfies Partial<Disk>;

const changing = {
  createFile,
  openWriter,
  makeDirectory: (path, mode = 0o755) =>
    attempt("mkdir", path, () => {
      fs.mkdirSync(path, mode);
      fs.chmodSync(path, mode);
    }),
  makeLink: (path, target) => attempt("symlink", path, () => fs.symlinkSync(target, path)),
  hardLink: (from, to) => attemptBoth("link", { from, to }, () => fs.linkSync(from, to)),
  linkTrees: (trees) => linkTrees(trees),
  copyTrees: (trees) => copyTrees(trees),
  extract,
  copyFile,
  copyChecked,
  setMode: (path, mode) => attempt("chmod", path, () => fs.chmodSync(path, mode)),
  setGroup: (path, groupId) => attempt("chgrp", path, () => fs.lchownSync(path, -1, groupId)),
  setTimes: (path, modifiedMs) =>
    attempt("utimes", path, () => fs.lutimesSync(path, modifiedMs / 1000, modifiedMs / 1000)),
  rename: (from, to) => attemptBoth("rename", { from, to }, () => fs.renameSync(from, to)),
  renameNoReplace: (from, to) =>
    checkBoth("rename", { from, to }, systemCalls().renameNoReplace(from, to)),
  exchange: (a, b) => checkBoth("exchange", { from: a, to: b }, systemCalls().exchange(a, b)),
  removeFile: (path) => attempt("unlink", path, () => fs.unlinkSync(path)),
  removeUnnameable: (directory, rawName) =>
    attempt("unlink", directory, () =>
      fs.rmSync(Buffer.concat([Buffer.from(`${directory}/`), rawName]), { recursive: true }),
    ),
  removeDirectory: (path) => attempt("rmdir", path, () => fs.rmdirSync(path)),
} satisfies Partial<Disk>;

const syncing = {
  syncFile: (path) => withDescriptor("fsync", path, (fd) => fs.fsyncSync(fd)),
  syncDirectory: (path) => withDescriptor("fsync", path, (fd) => fs.fsyncSync(fd)),
  syncFileSystem: (path) =>
    withDescriptor("syncfs", path, (fd) => check("syncfs", path, systemCalls().syncFileSystem(fd))),
  syncFileSystemAside,
  tryLock: openLock,
  isLocked,
} satisfies Partial<Disk>;

const attributes = {
  attributes: (path) => {
    const result = systemCalls().attributes(path);
    if ("names" in result) return result.names;
    if (result.failure === "EOPNOTSUPP" || result.failure === "ENOTSUP") return [];
    throw new DiskError({ code: result.failure, operation: "listxattr", path });
  },
  removeAttribute: (path, name) =>
    check("removexattr", path, systemCalls().removeAttribute(path, name)),
  copyAttribute: (from, to, name) =>
    checkBoth("setxattr", { from, to }, systemCalls().copyAttribute(from, to, name)),
} satisfies Partial<Disk>;

function statusFrom(read: () => fs.BigIntStats | undefined): Status | undefined {
  const stats = statsIfAny(read);
  if (stats === undefined) return undefined;
  return {
    type: typeOf(stats),
    mode: Number(stats.mode) & 0o7777,
    sizeBytes: Number(stats.size),
    modifiedMs: Number(stats.mtimeNs) / 1e6,
    modifiedNs: stats.mtimeNs,
    changedMs: Number(stats.ctimeNs) / 1e6,
    inode: stats.ino,
    device: stats.dev,
    linkCount: Number(stats.nlink),
    ownerId: Number(stats.uid),
    groupId: Number(stats.gid),
    deviceNumber: stats.rdev,
  };
}

function typeOf(entry: fs.BigIntStats | fs.Dirent | fs.Dirent<Buffer>): FileType {
  if (entry.isFile()) return "file";
  if (entry.isDirectory()) return "directory";
  if (entry.isSymbolicLink()) return "link";
  if (entry.isFIFO()) return "fifo";
  return entry.isSocket() ? "socket" : "device";
}

function list(path: string): DirectoryItem[] {
  const found = fs.readdirSync(path, { withFileTypes: true });
  const items = found.some((entry) => entry.name.includes("\uFFFD"))
    ? fs.readdirSync(path, { withFileTypes: true, encoding: "buffer" }).map(itemFromRaw)
    : found.map((entry) => ({ name: entry.name, type: typeOf(entry) }));
  return items.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

function itemFromRaw(entry: fs.Dirent<Buffer>): DirectoryItem {
  const name = entry.name.toString("utf8");
  const type = typeOf(entry);
  return Buffer.from(name).equals(entry.name)
    ? { name, type }
    : { name, type, rawName: entry.name };
}

function isWritable(path: string): boolean {
  try {
    fs.accessSync(path, fs.constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function createFile(path: string, content: string | Uint8Array, mode = 0o644): void {
  attempt("create", path, () => {
    const fd = fs.openSync(path, "wx", mode);
    try {
      fs.writeFileSync(fd, content);
      fs.fchmodSync(fd, mode);
    } catch (error) {
      fs.rmSync(path, { force: true });
      throw error;
    } finally {
      fs.closeSync(fd);
    }
  });
}

function openWriter(path: string, options: { mode?: number; append?: boolean } = {}): FileWriter {
  const mode = options.mode ?? 0o644;
  const file = options.append
    ? openDescriptor("open", path, () => openToAppend(path, mode))
    : openDescriptor("create", path, () => fs.openSync(path, "wx", mode));
  if (!options.append) file.use("chmod", (fd) => fs.fchmodSync(fd, mode));
  return {
    write: (chunk) => file.use("write", (fd) => fs.writeFileSync(fd, chunk)),
    sync: () => file.use("fsync", (fd) => fs.fsyncSync(fd)),
    close: file.close,
  };
}

const appendFlags = fs.constants.O_WRONLY | fs.constants.O_CREAT | fs.constants.O_APPEND;

function openToAppend(path: string, mode: number): number {
  const fd = fs.openSync(path, appendFlags | plainFlags, mode);
  try {
    checkPlain("open", path, fs.fstatSync(fd));
    return fd;
  } catch (error) {
    fs.closeSync(fd);
    throw error;
  }
}

async function syncFileSystemAside(path: string): Promise<void> {
  const file = openDescriptor("syncfs", path, () => fs.openSync(path, "r"));
  try {
    const failure = await file.use("syncfs", (fd) => systemCalls().syncFileSystemAside(fd));
    check("syncfs", path, failure);
  } finally {
    file.close();
  }
}

function withDescriptor<Result>(
  operation: string,
  path: string,
  use: (descriptor: number) => Result,
): Result {
  return attempt(operation, path, () => {
    const fd = fs.openSync(path, "r");
    try {
      return use(fd);
    } finally {
      fs.closeSync(fd);
    }
  });
}
