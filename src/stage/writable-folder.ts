/** Changing the entries of a folder that its own builder has made read-only. */
import type { Disk } from "../world/index.ts";

export function isWritable(mode: number): boolean {
  return (mode & 0o300) === 0o300;
}

/** Acts while the folder, which has this mode, can be written to. */
export function inWritable<Result>(
  disk: Disk,
  folder: string,
  { mode, act }: { readonly mode: number; readonly act: () => Result },
): Result {
  if (isWritable(mode)) return act();
  disk.setMode(folder, mode | 0o300);
  try {
    return act();
  } finally {
    disk.setMode(folder, mode);
  }
}
