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
