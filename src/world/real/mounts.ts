/** What the kernel tells of mounts, and of directories that an overlay cannot rename. */
import * as fs from "node:fs";
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

/** See proc_pid_mountinfo(5): the fifth field, in which blanks and backslashes are octal. */
function readMountPoints(): string[] {
  let text: string;
  try {
    text = fs.readFileSync("/proc/self/mountinfo", "latin1");
  } catch {
    return [];
  }
  return text.split("\n").flatMap((line) => {
    const field = line.split(" ", 5)[4];
    if (field === undefined) return [];
    const name = field.replace(/\\([0-7]{3})/g, (_all, octal: string) =>
      String.fromCharCode(Number.parseInt(octal, 8)),
    );
    return [Buffer.from(name, "latin1").toString("utf8")];
  });
}
