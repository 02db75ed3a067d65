/** What several Disk calls do together: trees, text, durable replacement. */
import { type DirectoryItem, type Disk, isDiskError } from "./disk.ts";

export function exists(disk: Disk, path: string): boolean {
  return disk.status(path) !== undefined;
}

/** Of a text whose reader names no limit: a half of what a text can have in JavaScript. */
const longestText = 1 << 28;

export function readText(disk: Disk, path: string, limitBytes = longestText): string {
  return asBuffer(disk.readFile(path, limitBytes)).toString("utf8");
}

/** The text, or undefined when there is no such file. */
export function readTextIfAny(
  disk: Disk,
  path: string,
  limitBytes = longestText,
): string | undefined {
  return readFileIfAny(disk, path, limitBytes)?.toString("utf8");
}

/** The content, or undefined when there is no such file. */
export function readFileIfAny(
  disk: Disk,
  path: string,
  limitBytes = longestText,
): Buffer | undefined {
  try {
    return asBuffer(disk.readFile(path, limitBytes));
  } catch (error) {
    if (isDiskError(error, "ENOENT", "ENOTDIR")) return undefined;
    throw error;
  }
}

/** What a directory holds: nothing, when there is no such directory. */
export function listIfAny(disk: Disk, path: string): DirectoryItem[] {
  try {
    return disk.list(path);
  } catch (error) {
    if (isDiskError(error, "ENOENT", "ENOTDIR")) return [];
    throw error;
  }
}

/** The same memory: nothing is copied. */
function asBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

/** Makes a directory and its missing parents; one that is there already is fine. */
export function makeDirectories(disk: Disk, path: string, mode = 0o755): void {
  try {
    disk.makeDirectory(path, mode);
  } catch (error) {
    if (isDiskError(error, "EEXIST")) {
      if (disk.statusOfTarget(path)?.type === "directory") return;
      throw error;
    }
    if (!isDiskError(error, "ENOENT")) throw error;
    makeDirectories(disk, path.slice(0, path.lastIndexOf("/")) || "/", mode);
    makeDirectories(disk, path, mode);
  }
}

/** Removes a file or a whole tree; nothing there is fine. Makes read-only directories writable. */
export function removeTree(disk: Disk, path: string): void {
  const status = disk.status(path);
  if (status === undefined) return;
  if (status.type !== "directory") return disk.removeFile(path);
  if ((status.mode & 0o700) !== 0o700) disk.setMode(path, status.mode | 0o700);
  for (const item of disk.list(path)) {
    if (item.rawName !== undefined) disk.removeUnnameable(path, item.rawName);
    else if (item.type === "directory") removeTree(disk, `${path}/${item.name}`);
    else disk.removeFile(`${path}/${item.name}`);
  }
  disk.removeDirectory(path);
}

interface WriteOptions {
  readonly mode?: number;
  /** A name that no other writer uses; the file appears under it first. */
  readonly temporary: string;
  /** Survive a power loss: sync the content, then the directory. */
  readonly durable: boolean;
}

/** Replaces a file in one step: readers see the old or the new content, never a part. */
export function writeAtomically(
  disk: Disk,
  path: string,
  content: string | Uint8Array,
  options: WriteOptions,
): void {
  disk.createFile(options.temporary, content, options.mode ?? 0o644);
  if (options.durable) disk.syncFile(options.temporary);
  disk.rename(options.temporary, path);
  if (options.durable) disk.syncDirectory(path.slice(0, path.lastIndexOf("/")) || "/");
}
