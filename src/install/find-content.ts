/** Finding the content of a recorded file wherever it still is: displaced, installed, or stored. */
import type { FileEntry } from "../core/index.ts";
import { type Disk, isDiskError } from "../world/index.ts";

/** The first of `trees` whose file at the entry's path is as recorded, checked by its digest. */
export function findContent(
  disk: Disk,
  trees: readonly string[],
  entry: FileEntry,
): string | undefined {
  return trees
    .map((tree) => `${tree}/${entry.path}`)
    .find((place) => isAsRecorded(disk, place, entry));
}

/** A symlink or a pipe is not read; what cannot be read is not. */
export function isAsRecorded(disk: Disk, place: string, entry: FileEntry): boolean {
  const status = disk.status(place);
  if (status?.type !== "file") return false;
  if (status.sizeBytes !== entry.sizeBytes || status.mode !== entry.mode) return false;
  try {
    return disk.digestFile(place) === entry.sha256;
  } catch (error) {
    if (isDiskError(error)) return false;
    throw error;
  }
}
