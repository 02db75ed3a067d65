/** An open file that is closed once, so that no later file with its number is touched by mistake. */
import * as fs from "node:fs";
import { DiskError } from "../disk.ts";
import { attempt } from "./attempts.ts";

export interface Descriptor {
  /** Fails with EBADF when it is closed. */
  use<Result>(operation: string, action: (descriptor: number) => Result): Result;
  /** Closing again is fine. */
  close(): void;
}

export function openDescriptor(operation: string, path: string, open: () => number): Descriptor {
  let descriptor: number | undefined = attempt(operation, path, open);
  return {
    use: (operation, action) => {
      const opened = descriptor;
      if (opened === undefined) throw new DiskError({ code: "EBADF", operation, path });
      return attempt(operation, path, () => action(opened));
    },
    close: () => {
      const opened = descriptor;
      descriptor = undefined;
      if (opened !== undefined) attempt("close", path, () => fs.closeSync(opened));
    },
  };
}
