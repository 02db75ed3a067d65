/** The system calls that Node lacks, through koffi; loaded at the first call. */
import { createRequire } from "node:module";
import type * as Koffi from "koffi";
import { TenonError } from "../../core/index.ts";

const LOCK_SH = 1;
const LOCK_EX = 2;
const LOCK_NB = 4;
const LOCK_UN = 8;
const F_WRLCK = 1;
const F_UNLCK = 2;
const F_OFD_GETLK = 36;
const F_OFD_SETLK = 37;
/** Of `struct flock` on 64-bit machines: type and whence, start, length, pid. */
const lockBytes = 32;
const AT_FDCWD = -100;
const RENAME_NOREPLACE = 1;
const RENAME_EXCHANGE = 2;
const SIGTTOU = 22;
const SIG_DFL = 0;
const SIG_IGN = 1;
const FIONREAD = 0x541b;
const FICLONE = 0x40049409;
/** Kernels, and their imitations, that know no such locks; flock then serves, which readers can take. */
const withoutFileLocks = new Set(["EINVAL", "ENOSYS", "ENOLCK", "EOPNOTSUPP", "ENOTSUP"]);
/** As long as the kernel lets a list of names, or a value, be. */
const attributeBytes = Buffer.alloc(65_536);

/** Each call gives undefined when it succeeded, and else the name of errno. */
interface SystemCalls {
  renameNoReplace(from: string, to: string): string | undefined;
  exchange(a: string, b: string): string | undefined;
  syncFileSystem(descriptor: number): string | undefined;
  syncFileSystemAside(descriptor: number): Promise<string | undefined>;
  /**
   * Does not wait: `EAGAIN` or `EWOULDBLOCK` when another holder has the lock. The descriptor must be
   * open for writing, so that who may only read a file can never have its lock.
   */
  lock(descriptor: number): string | undefined;
  /** Whether another descriptor has the lock. */
  isLocked(descriptor: number): boolean;
  removeAttribute(path: string, name: string): string | undefined;
  copyAttribute(from: string, to: string, name: string): string | undefined;
  /** The process group that the terminal at a descriptor gives its keys to; negative without one. */
  foregroundGroup(descriptor: number): number;
  /** Also from the background, where the kernel would stop who does not ignore SIGTTOU. */
  setForegroundGroup(descriptor: number, group: number): void;
  makeFifo(path: string, mode: number): string | undefined;
  /** Gives an empty file the content of another by sharing its blocks; false where that cannot be. */
  shareBlocks(to: number, from: number): boolean;
  /** The bytes in a pipe that nobody has read. */
  unreadBytes(descriptor: number): number;
  attributes(path: string): { names: string[] } | { failure: string };
}

let loaded: SystemCalls | undefined;

export function systemCalls(): SystemCalls {
  loaded ??= load();
  return loaded;
}

/** koffi's native part is made for one processor and one C library, and asks for the C++ library. */
export function loadNative<Part>(require: () => Part): Part {
  try {
    return require();
  } catch (cause) {
    const [reason = ""] = String(cause instanceof Error ? cause.message : cause).split("\n");
    throw new TenonError({
      kind: "machine",
      code: "NATIVE_PART",
      message: `koffi, the part of tenon that calls the kernel, cannot be loaded: ${reason}`,
      hints: [
        "Install the tenon for this processor and C library again.",
        "Where the C library is musl, install the C++ library as well: apk add libstdc++",
      ],
      cause,
    });
  }
}

function load(): SystemCalls {
  const koffi = loadNative(() => createRequire(import.meta.url)("koffi") as typeof Koffi);
  const library: Library = { libc: koffi.load(null), ...failuresOf(koffi) };
  return {
    ...renamesIn(library),
    ...locksIn(library),
    ...attributesIn(library),
    ...terminalIn(library),
    ...pipesIn(library),
  };
}

interface Library {
  readonly libc: ReturnType<typeof Koffi.load>;
  /** The name of errno. */
  readonly failure: () => string;
  readonly check: (result: number) => string | undefined;
}

function failuresOf(koffi: typeof Koffi): Pick<Library, "failure" | "check"> {
  const nameOfErrno = new Map(
    Object.entries(koffi.os.errno as Record<string, number>).map(([name, code]) => [code, name]),
  );
  const failure = (): string => {
    const code = koffi.errno();
    return nameOfErrno.get(code) ?? `errno ${code}`;
  };
  return { failure, check: (result) => (result === 0 ? undefined : failure()) };
}

function renamesIn({ libc, check }: Library) {
  const renameat2 = libc.func(
    "int renameat2(int olddirfd, str oldpath, int newdirfd, str newpath, unsigned int flags)",
  );
  const syncfs = libc.func("int syncfs(int fd)");
  return {
    renameNoReplace: (from, to) =>
      check(renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) as number),
    exchange: (a, b) => check(renameat2(AT_FDCWD, a, AT_FDCWD, b, RENAME_EXCHANGE) as number),
    syncFileSystem: (descriptor) => check(syncfs(descriptor) as number),
    syncFileSystemAside: (descriptor) =>
      new Promise<string | undefined>((resolve, reject) => {
        syncfs.async(descriptor, (error: Error | null, result: number) => {
          if (error === null) resolve(check(result));
          else reject(error);
        });
      }),
  } satisfies Partial<SystemCalls>;
}

function locksIn({ libc, failure, check }: Library) {
  const flock = libc.func("int flock(int fd, int operation)");
  const fcntl = libc.func("int fcntl(int fd, int command, ...)");
  /** A lock of the whole file that belongs to the open file, not to the process. */
  const lockOfFile = (descriptor: number, command: number): Buffer | string => {
    const request = Buffer.alloc(lockBytes);
    request.writeInt16LE(F_WRLCK, 0);
    return fcntl(descriptor, command, "void *", request) === 0 ? request : failure();
  };
  return {
    lock: (descriptor) => {
      const locked = lockOfFile(descriptor, F_OFD_SETLK);
      if (typeof locked !== "string") return undefined;
      if (!withoutFileLocks.has(locked)) return locked;
      return check(flock(descriptor, LOCK_EX | LOCK_NB) as number);
    },
    isLocked: (descriptor) => {
      const held = lockOfFile(descriptor, F_OFD_GETLK);
      if (typeof held !== "string") return held.readInt16LE(0) !== F_UNLCK;
      if (!withoutFileLocks.has(held)) return false;
      if (flock(descriptor, LOCK_SH | LOCK_NB) !== 0) return true;
      flock(descriptor, LOCK_UN);
      return false;
    },
  } satisfies Partial<SystemCalls>;
}

function attributesIn({ libc, failure, check }: Library) {
  const lremovexattr = libc.func("int lremovexattr(str path, str name)");
  const llistxattr = libc.func("intptr_t llistxattr(str path, _Out_ uint8_t *list, size_t size)");
  const lgetxattr = libc.func(
    "intptr_t lgetxattr(str path, str name, _Out_ uint8_t *value, size_t size)",
  );
  const lsetxattr = libc.func(
    "int lsetxattr(str path, str name, uint8_t *value, size_t size, int flags)",
  );
  return {
    removeAttribute: (path, name) => check(lremovexattr(path, name) as number),
    copyAttribute: (from, to, name) => {
      const length = Number(lgetxattr(from, name, attributeBytes, attributeBytes.length));
      if (length < 0) return failure();
      return check(lsetxattr(to, name, attributeBytes, length, 0) as number);
    },
    attributes: (path) => {
      const list = attributeBytes;
      const length = Number(llistxattr(path, list, list.length));
      if (length < 0) return { failure: failure() };
      return { names: list.subarray(0, length).toString("utf8").split("\0").filter(Boolean) };
    },
  } satisfies Partial<SystemCalls>;
}

function terminalIn({ libc }: Library) {
  const tcgetpgrp = libc.func("int tcgetpgrp(int fd)");
  const tcsetpgrp = libc.func("int tcsetpgrp(int fd, int group)");
  const signal = libc.func("intptr_t signal(int number, intptr_t handler)");
  return {
    foregroundGroup: (descriptor) => tcgetpgrp(descriptor) as number,
    setForegroundGroup: (descriptor, group) => {
      signal(SIGTTOU, SIG_IGN);
      tcsetpgrp(descriptor, group);
      signal(SIGTTOU, SIG_DFL);
    },
  } satisfies Partial<SystemCalls>;
}

function pipesIn({ libc, check }: Library) {
  const mkfifo = libc.func("int mkfifo(str path, unsigned int mode)");
  const ioctl = libc.func("int ioctl(int fd, unsigned long request, _Out_ int *value)");
  const ioctlOfNumber = libc.func("ioctl", "int", ["int", "unsigned long", "int"]);
  return {
    makeFifo: (path, mode) => check(mkfifo(path, mode) as number),
    shareBlocks: (to, from) => ioctlOfNumber(to, FICLONE, from) === 0,
    unreadBytes: (descriptor) => {
      const value = [0];
      return ioctl(descriptor, FIONREAD, value) === 0 ? (value[0] ?? 0) : 0;
    },
  } satisfies Partial<SystemCalls>;
}
