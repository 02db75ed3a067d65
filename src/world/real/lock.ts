/** A lock that the kernel releases when its holder dies (flock), on a file that stays. */
import * as fs from "node:fs";
import { DiskError, type Lock } from "../disk.ts";
import { systemCalls } from "./system-calls.ts";

/** The descriptor is closed on exec, so no child keeps the lock. */
export function openLock(path: string): Lock | undefined {
  let fd: number;
  try {
    fd = fs.openSync(path, "a+", 0o644);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "EIO";
    throw new DiskError({ code, operation: "open", path, cause: error });
  }
  const failure = systemCalls().lock(fd);
  if (failure !== undefined) {
    fs.closeSync(fd);
    if (failure === "EAGAIN" || failure === "EWOULDBLOCK") return undefined;
    throw new DiskError({ code: failure, operation: "flock", path });
  }
  return {
    describe: (holder) => {
      fs.ftruncateSync(fd, 0);
      fs.writeSync(fd, holder);
    },
    release: () => fs.closeSync(fd),
  };
}
