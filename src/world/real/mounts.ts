/** What the kernel tells of mounts, and of directories that an overlay cannot rename. */
import * as fs from "node:fs";
import { readMounts } from "../mountinfo.ts";
import { attempt, codeOf } from "./attempts.ts";

/** `OVERLAYFS_SUPER_MAGIC` of linux/magic.h. */
const overlayType = 0x794c7630;

/**
 * On overlayfs alone, whose order of checks is known: it refuses to move a directory of a lower layer
 * before it looks whether the target is empty. There is no question that changes nothing by itself.
 */
export function isFixed(directory: string, full: string): boolean {
  if (attempt("statfs", directory, () => fs.statfsSync(directory).type) !== overlayType) {
    return false;
  }
  try {
    fs.renameSync(directory, full);
  } catch (error) {
    return codeOf(error) === "EXDEV";
  }
  fs.renameSync(full, directory); // somebody has emptied it
  return false;
}

export function mountPointsBelow(directory: string): string[] {
  const root = attempt("realpath", directory, () => fs.realpathSync.native(directory));
  const above = root === "/" ? "/" : `${root}/`;
  return readMountPoints()
    .filter((point) => point.startsWith(above) && point !== above)
    .map((point) => point.slice(above.length))
    .sort();
}

function readMountPoints(): string[] {
  try {
    return readMounts(fs.readFileSync("/proc/self/mountinfo", "utf8")).map(({ place }) => place);
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    return [];
  }
}
