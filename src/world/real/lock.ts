/** A lock that the kernel releases when its holder dies (flock), on a file that stays. */
import * as fs from "node:fs";
import { DiskError, type Lock } from "../disk.ts";
import { openDescriptor } from "./descriptor.ts";
import { systemCalls } from "./system-calls.ts";

/** The descriptor is closed on exec, so no child keeps the lock. */
export function openLock(path: string): Lock | undefined {
  const file = openDescriptor("lock", path, () => fs.openSync(path, "a+", 0o644));
  const failure = file.use("lock", (fd) => systemCalls().lock(fd));
  if (failure !== undefined) {
    file.close();
    if (failure === "EAGAIN" || failure === "EWOULDBLOCK") return undefined;
    throw new DiskError({ code: failure, operation: "lock", path });
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
