/** Turns what Node and koffi report into DiskErrors that blame the right path. */
import * as fs from "node:fs";
import { TenonError } from "../../core/index.ts";
import { DiskError } from "../disk.ts";

export function attempt<Result>(operation: string, path: string, action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    if (error instanceof DiskError || error instanceof TenonError) throw error;
    throw new DiskError({ code: codeOf(error) ?? "EIO", operation, path, cause: error });
  }
}

interface TwoPaths {
  readonly from: string;
  readonly to: string;
}

/** Like `attempt`, for a call on two paths. */
export function attemptBoth<Result>(
  operation: string,
  paths: TwoPaths,
  action: () => Result,
): Result {
  try {
    return action();
  } catch (error) {
    if (error instanceof TenonError) throw error;
    const code = codeOf(error) ?? "EIO";
    throw new DiskError({ code, operation, path: blamed(paths, code), cause: error });
  }
}

/** For a system call that gave the name of errno, or undefined. */
export function check(operation: string, path: string, code: string | undefined): void {
  if (code !== undefined) throw new DiskError({ code, operation, path });
}

export function checkBoth(operation: string, paths: TwoPaths, code: string | undefined): void {
  if (code !== undefined) throw new DiskError({ code, operation, path: blamed(paths, code) });
}

export function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException | undefined)?.code;
}

/** Undefined where nothing can be at the path. `read` gives undefined for ENOENT. */
export function statsIfAny<Stats>(read: () => Stats | undefined): Stats | undefined {
  try {
    return read();
  } catch (error) {
    const code = codeOf(error);
    if (code === "ENOTDIR" || code === "ELOOP") return undefined;
    throw error;
  }
}

/** errno does not say which of the two is missing or no directory. */
function blamed({ from, to }: TwoPaths, code: string): string {
  if (code !== "ENOENT" && code !== "ENOTDIR") return to;
  try {
    return fs.lstatSync(from, { throwIfNoEntry: false }) === undefined ? from : to;
  } catch {
    return from;
  }
}
