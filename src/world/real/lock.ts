/** A lock that the kernel releases when its holder dies (flock), on a file that stays. */
import * as fs from "node:fs";
import { DiskError, type Lock } from "../disk.ts";
import { openDescriptor } from "./descriptor.ts";
import { systemCalls } from "./system-calls.ts";

/**
 * The descriptor is closed on exec, so no child keeps the lock. A file that somebody removed, or
 * replaced, between our opening and locking it protects nothing: then it is tried again.
 */
export function openLock(path: string): Lock | undefined {
  const file = openDescriptor("lock", path, () => fs.openSync(path, "a+", 0o644));
  const failure = file.use("lock", (fd) => systemCalls().lock(fd));
  if (failure !== undefined) {
    file.close();
    if (failure === "EAGAIN" || failure === "EWOULDBLOCK") return undefined;
    throw new DiskError({ code: failure, operation: "lock", path });
  }
  if (!file.use("lock", (fd) => isAt(path, fd))) {
    file.close();
    return openLock(path);
  }
  return {
    describe: (holder) =>
      file.use("write", (fd) => {
        fs.ftruncateSync(fd, 0);
        fs.writeFileSync(fd, holder);
      }),
    release: file.close,
  };
}

function isAt(path: string, fd: number): boolean {
  const there = fs.statSync(path, { bigint: true, throwIfNoEntry: false });
  const ours = fs.fstatSync(fd, { bigint: true });
  return there !== undefined && there.ino === ours.ino && there.dev === ours.dev;
}
