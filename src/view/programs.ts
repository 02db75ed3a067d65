/** Finding the machine's programs. */
import { type Disk, isDiskError } from "../world/index.ts";

export const systemPath: readonly string[] = [
  "/usr/local/sbin",
  "/usr/local/bin",
  "/usr/sbin",
  "/usr/bin",
  "/sbin",
  "/bin",
];

/** The absolute path of a program in the first of these folders that has it. */
export function findProgram(
  disk: Disk,
  name: string,
  folders: readonly string[],
): string | undefined {
  const candidates = name.includes("/") ? [name] : folders.map((folder) => `${folder}/${name}`);
  return candidates.find((path) => isProgram(disk, path));
}

/** BusyBox has programs of these names, which lack the options that a view needs. */
const ofUtilLinux = new Set(["unshare", "mount", "setpriv"]);

/** A program of the machine, whatever `PATH` is; one of util-linux is never BusyBox's. */
export function findSystemProgram(disk: Disk, name: string): string | undefined {
  const isRight = (path: string): boolean =>
    isProgram(disk, path) &&
    !(ofUtilLinux.has(name) && /\/busybox[^/]*$/.test(disk.realPath(path)));
  return systemPath.map((folder) => `${folder}/${name}`).find(isRight);
}

/** A folder that the caller may not look into has no programs for it, as for a shell. */
function isProgram(disk: Disk, path: string): boolean {
  try {
    const status = disk.statusOfTarget(path);
    return status?.type === "file" && (status.mode & 0o111) !== 0;
  } catch (error) {
    if (isDiskError(error)) return false;
    throw error;
  }
}
