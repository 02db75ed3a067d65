/** The Disk: every touch of a file system that tenon makes, as one small synchronous interface. */
import type { Digest } from "../core/index.ts";

/**
 * Paths are absolute. What names an entry never follows a symlink in the last name; what opens a
 * file or a directory does, as open(2) and chmod(2) do: `list`, reading, `copyFile`'s source,
 * `setMode` and syncing. `readPlainFile`, appending and locking take a regular file alone: a symlink
 * gives ELOOP, and what is not a file ENXIO. Every failure is a `DiskError` that carries the
 * operation, the path and the code of errno; of two paths, the one that is missing, else the second.
 *
 * Only a regular file is read, at once: what may have no end (a FIFO, a device) fails with ENXIO.
 *
 * Durability: what a call changes survives a power loss only after `syncFile` (a file's content),
 * `syncDirectory` (a directory's entries) or `syncFileSystem` (both, for all).
 */
export interface Disk {
  /** Undefined where nothing is; a circle of symlinks leads to nothing. */
  status(path: string): Status | undefined;
  /** Like `status`, but follows symlinks to the end. */
  statusOfTarget(path: string): Status | undefined;
  /** A text that is another one after any change of what is looked at; empty where nothing is. */
  identity(path: string, aspect: Aspect): string;
  /** The entries of a directory, sorted by name. A name that is no UTF-8 is given in `rawName`. */
  list(path: string): DirectoryItem[];
  /** EFBIG for a file that is larger than the limit. */
  readFile(path: string, limitBytes?: number): Uint8Array;
  /** Never waits, and reads nothing of a file that is larger than the limit: EFBIG. */
  readPlainFile(path: string, limitBytes: number): PlainFile;
  /** The content from a byte on, in pieces, so that a large file needs no large memory. */
  readChunks(path: string, fromByte?: number): Iterable<Uint8Array>;
  /** At most so many bytes from an offset on; fewer at the file's end. */
  readSlice(path: string, offset: number, length: number): Uint8Array;
  /** `see` is given each piece of the content as it is hashed; what it is given is overwritten afterwards. */
  digestFile(path: string, see?: (piece: Uint8Array) => void): Digest;
  readLink(path: string): string;
  /** The path with every symlink resolved; fails when it does not exist. */
  realPath(path: string): string;
  /** Whether the caller may write entries into this directory. */
  isWritable(path: string): boolean;
  /**
   * Whether a directory cannot be renamed, because it is of a lower layer of an overlay (EXDEV).
   * Asked by a rename onto `full`, a directory beside it that is not empty, which must fail.
   */
  isFixed(directory: string, full: string): boolean;
  /** What is mounted below a directory, as paths relative to it, sorted. */
  mountPointsBelow(directory: string): string[];

  /**
   * Creates a file that must not exist. The mode is exact, whatever the umask. A failure leaves
   * nothing there; a kill may leave it empty or cut.
   */
  createFile(path: string, content: string | Uint8Array, mode?: number): void;
  /**
   * Opens a file for writing piece by piece: one that must not exist, or (append) at the end of one
   * that may exist. The mode is for a new one.
   */
  openWriter(path: string, options?: { mode?: number; append?: boolean }): FileWriter;
  /** Creates one directory that must not exist. The mode is exact, whatever the umask. */
  makeDirectory(path: string, mode?: number): void;
  makeLink(path: string, target: string): void;
  hardLink(from: string, to: string): void;
  /**
   * Makes directories and hard links of many files, tree by tree or side by side: no tree may need
   * a directory of another one. Gives, by tree and file, what the link is, or undefined where there
   * could be none.
   */
  linkTrees(trees: readonly TreeToLink[]): (LinkedFile | undefined)[][];
  /**
   * The same with copies. Gives, by tree and file, how it was copied, or undefined where that failed or the file is not
   * as it is to be; what is at its place then is to be removed.
   */
  copyTrees(trees: readonly TreeToCopy[]): (CopyKind | undefined)[][];
  /**
   * Makes files of members of archives, side by side. Gives each one's digest, or undefined where that was not done,
   * and then what is at its place is to be removed: it is damaged, cannot be read or written, or this disk does no such
   * thing. What a digest is given for has the declared size and CRC-32.
   */
  extract(members: readonly MemberToExtract[]): (Digest | undefined)[];
  /** Copies content, mode and time to a new file; shares the blocks where the file system can. */
  copyFile(from: string, to: string): void;
  /**
   * The same for a regular file only (ELOOP for a symlink, EINVAL for anything else), and gives what
   * came. Blocks are shared only where that is wanted; else each piece is read, hashed and written.
   */
  copyChecked(from: string, to: string, options: { readonly share: boolean }): CopiedFile;
  setMode(path: string, mode: number): void;
  /** Of a file, folder or link itself. As chown(2), it takes setuid and setgid bits off a file. */
  setGroup(path: string, groupId: number): void;
  /** Sets the time of the last change of content (and of the last access), also of a symlink. */
  setTimes(path: string, modifiedMs: number): void;
  /** Moves, replacing what is at `to`. */
  rename(from: string, to: string): void;
  /** Moves; fails with EEXIST when there is something at `to` (RENAME_NOREPLACE). */
  renameNoReplace(from: string, to: string): void;
  /** Swaps two entries in one step (RENAME_EXCHANGE). */
  exchange(a: string, b: string): void;
  removeFile(path: string): void;
  /** Removes what `list` gives a `rawName` for, and all below it. */
  removeUnnameable(directory: string, rawName: Uint8Array): void;
  /** Fails with ENOTEMPTY unless it is empty. */
  removeDirectory(path: string): void;

  syncFile(path: string): void;
  syncDirectory(path: string): void;
  /** Everything on the file system that holds `path`. */
  syncFileSystem(path: string): void;
  /** The same in another thread: where much was written it takes seconds. */
  syncFileSystemAside(path: string): Promise<void>;

  /**
   * A kernel lock on the file that is at `path`, made when missing; undefined when another holder has
   * it. Who locks a file before removing it leaves nobody a lock on a removed one. Only who may write
   * the file can hold its lock: one that has more names, or a mode that allows more than `mode`,
   * is replaced once it is ours.
   */
  tryLock(path: string, mode?: number): Lock | undefined;
  /** Whether somebody holds the lock of a file. Changes nothing; fails where it may not be read. */
  isLocked(path: string): boolean;
  /** The names of a file's extended attributes; none where the file system has none. */
  attributes(path: string): string[];
  removeAttribute(path: string, name: string): void;
  copyAttribute(from: string, to: string, name: string): void;
}

/**
 * What an identity is about: `entry`, what `status` tells; `target`, the same of what symlinks lead to; `content`, also
 * which names a folder has. The first two have no times of folders, which change with each name.
 */
export type Aspect = "entry" | "target" | "content";

export type FileType = "file" | "directory" | "link" | "device" | "fifo" | "socket";

export interface Status {
  readonly type: FileType;
  /** Permission bits, 0 to 0o7777. */
  readonly mode: number;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
  /** The same, to the nanosecond. */
  readonly modifiedNs: bigint;
  readonly changedMs: number;
  readonly inode: bigint;
  readonly device: bigint;
  readonly linkCount: number;
  readonly ownerId: number;
  /** What is made in a folder with the set-group-ID bit has the folder's group. */
  readonly groupId: number;
  /** Major and minor number of a device; an overlay's whiteout is a device 0, 0. */
  readonly deviceNumber: bigint;
}

/** What a file holds, and whose it was when it was opened. */
export interface PlainFile {
  readonly content: Uint8Array;
  readonly mode: number;
  readonly ownerId: number;
}

export interface DirectoryItem {
  readonly name: string;
  readonly type: FileType;
  /** Present when the name is not valid UTF-8. */
  readonly rawName?: Uint8Array;
}

export interface TreeToFill<File> {
  /** Absolute. */
  readonly from: string;
  /** Absolute; a directory that is there. */
  readonly to: string;
  /** To be made below `to`, parents first. Their modes are exact. */
  readonly directories: readonly { readonly path: string; readonly mode: number }[];
  /** Brought in this order. */
  readonly files: readonly File[];
}

/** Its files are relative to both ends. */
export type TreeToLink = TreeToFill<string>;

export interface TreeToCopy extends TreeToFill<FileToCopy> {
  /** Whether a copy may share its blocks with the file, where the file system can do that. */
  readonly share: boolean;
}

/** A file as it is to be at both ends. */
export interface FileToCopy {
  readonly path: string;
  readonly sha256: Digest;
  readonly sizeBytes: number;
  readonly mode: number;
}

/** A copy was read and had its digest; one that shares blocks was not read. */
export type CopyKind = "copied" | "shared";

/** Where in an archive a member's content lies, what it is declared to be, and the file that it is to be. */
export interface MemberToExtract {
  /** Absolute. */
  readonly archive: string;
  readonly offset: number;
  readonly compressedBytes: number;
  /** Else it is stored as it is. */
  readonly isDeflated: boolean;
  readonly sizeBytes: number;
  readonly crc32: number;
  /** Absolute; nothing is there, but the folder is. */
  readonly to: string;
  /** Exact, whatever the umask. */
  readonly mode: number;
}

/** What a new link is, if it could be made. */
export interface LinkedFile {
  /** Whether it is a name of a regular file. */
  readonly isFile: boolean;
  readonly linkCount: number;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
  readonly mode: number;
}

/** What a copy is. */
export interface CopiedFile {
  readonly mode: number;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
  /** Of what was written; absent where blocks are shared, so that nothing was read. */
  readonly sha256?: Digest;
}

export interface FileWriter {
  write(chunk: Uint8Array): void;
  /** Makes the content durable. */
  sync(): void;
  close(): void;
}

export interface Lock {
  /** Writes who holds the lock into its file, for those who wait. */
  describe(holder: string): void;
  release(): void;
}

/** An errno code such as `ENOENT`. */
export type ErrnoCode = string;

export class DiskError extends Error {
  readonly code: ErrnoCode;
  readonly operation: string;
  readonly path: string;

  constructor(options: { code: ErrnoCode; operation: string; path: string; cause?: unknown }) {
    super(`${options.operation} ${options.path}: ${describeErrno(options.code)}`, {
      cause: options.cause,
    });
    this.name = "DiskError";
    this.code = options.code;
    this.operation = options.operation;
    this.path = options.path;
  }
}

export function isDiskError(error: unknown, ...codes: ErrnoCode[]): error is DiskError {
  return error instanceof DiskError && (codes.length === 0 || codes.includes(error.code));
}

/** "permission denied (EACCES)". */
export function describeErrno(code: ErrnoCode): string {
  const meaning = meanings[code];
  return meaning === undefined ? code : `${meaning} (${code})`;
}

const meanings: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EBUSY: "in use",
  EDQUOT: "disk quota exceeded",
  EEXIST: "already exists",
  EFBIG: "larger than it can be",
  EINVAL: "not supported here",
  EIO: "input/output error",
  EISDIR: "is a directory",
  ELOOP: "too many symbolic links",
  EMLINK: "too many hard links",
  ENAMETOOLONG: "name too long",
  ENOENT: "no such file or directory",
  ENOSPC: "no space left on the device",
  ENOTDIR: "not a directory",
  ENOTEMPTY: "directory not empty",
  ENXIO: "not a regular file",
  EPERM: "operation not permitted",
  EROFS: "read-only file system",
  EXDEV: "on another file system",
};
