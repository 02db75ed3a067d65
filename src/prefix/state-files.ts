/**
 * The one way by which anything is read of a prefix's state. A prefix may be a clone, a tarball or
 * another person's folder, so nothing in it is believed (I15): no symlink is followed, nothing but
 * regular files and folders is opened, each file has a largest size, and the guard of the layout
 * sees whose it is. What the files say is validated by who parses them.
 */
import { isWithin, typedWord, TenonError } from "../core/index.ts";
import { type Disk, type FileType, isDiskError, type Status } from "../world/index.ts";
import type { Guard, PrefixLayout } from "./layout.ts";

/** A record lists up to some million files. */
export const recordLimitBytes = 256 << 20;
export const historyLimitBytes = 16 << 20;
export const smallLimitBytes = 64 << 10;

/** Undefined when there is no such file. */
export function readState(
  disk: Disk,
  { guard }: PrefixLayout,
  file: string,
  limitBytes: number,
): Buffer | undefined {
  return readOwnFile(disk, file, { limitBytes, ...(guard === undefined ? {} : { guard }) });
}

/** What tenon keeps elsewhere, in a workspace for one, is read the same way. */
export function readOwnFile(
  disk: Disk,
  file: string,
  { limitBytes, guard }: { readonly limitBytes: number; readonly guard?: Guard },
): Buffer | undefined {
  try {
    const read = disk.readPlainFile(file, limitBytes);
    guard?.(file, read);
    const { buffer, byteOffset, byteLength } = read.content;
    return Buffer.from(buffer, byteOffset, byteLength);
  } catch (error) {
    if (isDiskError(error, "ENOENT", "ENOTDIR")) return undefined;
    if (isDiskError(error, "ELOOP")) throw notPlain(file, "a symbolic link", "file");
    if (isDiskError(error, "EISDIR")) throw notPlain(file, "a folder", "file");
    if (isDiskError(error, "ENXIO")) throw notPlain(file, "not a regular file", "file");
    if (isDiskError(error, "EFBIG")) throw tooLarge(file, limitBytes);
    throw error;
  }
}

/** The names in a folder of the state, sorted; none where it is missing. */
export function listState(disk: Disk, layout: PrefixLayout, folder: string): string[] {
  return listStateItems(disk, layout, folder).map(({ name }) => name);
}

export function listStateItems(
  disk: Disk,
  layout: PrefixLayout,
  folder: string,
): { readonly name: string; readonly type: FileType }[] {
  if (!checkFolder(disk, layout, folder)) return [];
  const real = disk.realPath(folder);
  if (!isWithin(real, disk.realPath(layout.state))) {
    throw notPlain(folder, "reached through a symbolic link", "folder");
  }
  return disk.list(folder).filter(({ rawName }) => rawName === undefined);
}

/**
 * The folders that lead to the state, and its own. `var` and `var/lib` may be symbolic links, as long
 * as they stay in the prefix.
 */
export function checkStateFolders(disk: Disk, layout: PrefixLayout): void {
  const { prefix, state, guard } = layout;
  for (const folder of [prefix, `${prefix}/var`, `${prefix}/var/lib`]) {
    const status = statusOfFolder(disk, folder);
    if (status === undefined) return;
    if (status.type !== "directory") throw notPlain(folder, "no folder", "folder");
    guard?.(folder, status);
    if (!isWithin(disk.realPath(folder), disk.realPath(prefix))) {
      throw notPlain(folder, "a symbolic link that leaves the prefix", "folder");
    }
  }
  const { packages, transactions, history, index } = layout;
  for (const folder of [state, packages, transactions, history, index]) {
    checkFolder(disk, layout, folder);
  }
}

/** Undefined where nothing is there. Another process may make the folder between two looks at it. */
function statusOfFolder(disk: Disk, folder: string): Status | undefined {
  const status = disk.statusOfTarget(folder);
  if (status !== undefined || disk.status(folder) === undefined) return status;
  const again = disk.statusOfTarget(folder);
  if (again === undefined && disk.status(folder)?.type === "link")
    throw notPlain(folder, "a symbolic link that leads nowhere", "folder");
  return again;
}

/** Throws for what is not a folder, or not to be believed; false where nothing is there. */
export function checkFolder(
  disk: Disk,
  { guard }: Pick<PrefixLayout, "guard">,
  folder: string,
): boolean {
  const status = disk.status(folder);
  if (status === undefined) return false;
  if (status.type !== "directory") {
    throw notPlain(folder, status.type === "link" ? "a symbolic link" : "no folder", "folder");
  }
  guard?.(folder, status);
  return true;
}

function notPlain(path: string, what: string, wanted: "file" | "folder"): TenonError {
  return new TenonError({
    kind: "machine",
    code: "STATE_NOT_PLAIN",
    message: `${path} is ${what}, and tenon opens nothing but regular files and folders of its own there`,
    hints: [
      wanted === "file"
        ? `Move it away: \`mv ${typedWord(path)} ${typedWord(`${path}.refused`)}\`.`
        : `Put the folder itself in its place, or move it away: \`mv ${typedWord(path)} ${typedWord(`${path}.refused`)}\`.`,
    ],
  });
}

function tooLarge(file: string, limitBytes: number): TenonError {
  return new TenonError({
    kind: "machine",
    code: "STATE_TOO_LARGE",
    message: `${file} is larger than the ${limitBytes} bytes that such a file of tenon's can have`,
    hints: [`Move it away: \`mv ${typedWord(file)} ${typedWord(`${file}.refused`)}\`.`],
  });
}
