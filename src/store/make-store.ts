/** The store's folder: where it is to be, making it, and saying so where that cannot be. */
import { TenonError } from "../core/index.ts";
import { exists, isDiskError, makeDirectories, type World } from "../world/index.ts";
import { storeFolders, type StoreLayout } from "./layout.ts";

export function makeStore({ disk }: World, { root }: StoreLayout): void {
  inStore(root, "made", () => {
    for (const folder of storeFolders(root)) {
      if (!exists(disk, folder)) makeDirectories(disk, folder);
    }
  });
}

const refusals = [
  "EACCES",
  "EPERM",
  "EROFS",
  "ENOTDIR",
  "EEXIST",
  "ENOENT",
  "ENAMETOOLONG",
  "ELOOP",
];

/** What the machine refuses is said with the store's name and the way to another one. */
export function inStore<Result>(
  root: string,
  done: "made" | "written",
  action: () => Result,
): Result {
  try {
    return action();
  } catch (error) {
    if (!isDiskError(error, ...refusals)) throw error;
    throw new TenonError({
      kind: "machine",
      code: "STORE_REFUSED",
      message: `the store ${root} cannot be ${done}: ${error.message}`,
      hints: [otherStore],
      cause: error,
    });
  }
}

const otherStore =
  "Name a folder that you may write: TENON_STORE=DIR before the command, DIR being absolute.";

/** The folder that was named, by the command or its environment. */
export function requireStore(root: string | undefined): string {
  if (root !== undefined) return root;
  throw new TenonError({
    kind: "usage",
    code: "NO_STORE",
    message:
      "there is no place for the store: neither TENON_STORE, XDG_CACHE_HOME nor HOME names an absolute folder",
    hints: [otherStore],
  });
}
