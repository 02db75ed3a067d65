/** A lock that the kernel releases when its holder dies, on a file that stays. */
import * as fs from "node:fs";
import { DiskError, type Lock } from "../disk.ts";
import { type Descriptor, openDescriptor } from "./descriptor.ts";
import { checkPlain, plainFlags } from "./plain-files.ts";
import { systemCalls } from "./system-calls.ts";

const openFlags = fs.constants.O_RDWR | fs.constants.O_CREAT | plainFlags;

/**
 * The descriptor is closed on exec, so no child keeps the lock. A file that somebody removed, or
 * replaced, between our opening and locking it protects nothing: then it is tried again.
 */
export function openLock(path: string, mode = 0o600): Lock | undefined {
  const file = openDescriptor("lock", path, () => fs.openSync(path, openFlags, mode));
  try {
    file.use("lock", (fd) => checkPlain("lock", path, fs.fstatSync(fd)));
    if (!isTaken(file, path)) return close(file);
    if (file.use("lock", (fd) => isAt(path, fd))) return lockOf(makePrivate(file, path, mode));
  } catch (error) {
    file.close();
    throw error;
  }
  file.close();
  return openLock(path, mode);
}

export function isLocked(path: string): boolean {
  const file = openDescriptor("lock", path, () =>
    fs.openSync(path, fs.constants.O_RDONLY | plainFlags),
  );
  try {
    return file.use("lock", (fd) => systemCalls().isLocked(fd));
  } finally {
    file.close();
  }
}

function isTaken(file: Descriptor, path: string): boolean {
  const failure = file.use("lock", (fd) => systemCalls().lock(fd));
  if (failure === undefined) return true;
  if (failure === "EAGAIN" || failure === "EWOULDBLOCK") return false;
  throw new DiskError({ code: failure, operation: "lock", path });
}

function close(file: Descriptor): undefined {
  file.close();
  return undefined;
}

function lockOf(file: Descriptor): Lock {
  return {
    describe: (holder) =>
      file.use("write", (fd) => {
        if (fs.fstatSync(fd).nlink > 1) return; // somebody's file, by another name
        const text = Buffer.from(holder);
        fs.ftruncateSync(fd, 0);
        fs.writeSync(fd, text, 0, text.length, 0);
      }),
    release: file.close,
  };
}

function isAt(path: string, fd: number): boolean {
  const there = fs.statSync(path, { bigint: true, throwIfNoEntry: false });
  const ours = fs.fstatSync(fd, { bigint: true });
  return there !== undefined && there.ino === ours.ino && there.dev === ours.dev;
}

/**
 * Gives the lock that is ours a file which nobody else has open, or by another name, and that only
 * those can open who may hold it. Who waits for the old one sees that it is not there any more.
 */
function makePrivate(file: Descriptor, path: string, mode: number): Descriptor {
  const status = file.use("lock", (fd) => fs.fstatSync(fd));
  if (status.nlink === 1 && (status.mode & 0o777 & ~mode) === 0) {
    const isOwn = status.uid === process.getuid?.();
    if (isOwn && (status.mode & 0o777) !== mode) file.use("chmod", (fd) => fs.fchmodSync(fd, mode));
    return file;
  }
  const fresh = replacement(path, mode);
  if (fresh === undefined) return file; // in a folder of others; it is a lock all the same
  try {
    if (!isTaken(fresh, path)) throw new DiskError({ code: "EAGAIN", operation: "lock", path });
    fresh.use("write", (fd) => fs.writeFileSync(fd, file.use("read", readAll)));
    fs.renameSync(`${path}.new`, path);
  } catch (error) {
    fresh.close();
    throw error;
  }
  file.close();
  return fresh;
}

function replacement(path: string, mode: number): Descriptor | undefined {
  try {
    fs.rmSync(`${path}.new`, { force: true, recursive: true }); // of a holder that was killed here
    const file = openDescriptor("lock", path, () =>
      fs.openSync(`${path}.new`, openFlags | fs.constants.O_EXCL, mode),
    );
    file.use("chmod", (fd) => fs.fchmodSync(fd, mode));
    return file;
  } catch {
    return undefined;
  }
}

const holderLimitBytes = 4096;

function readAll(fd: number): Buffer {
  const text = Buffer.alloc(holderLimitBytes);
  return text.subarray(0, fs.readSync(fd, text, 0, text.length, 0));
}
