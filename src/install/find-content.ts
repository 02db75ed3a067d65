/** Finding the content of a recorded file wherever it still is: displaced, installed, or stored. */
import type { FileEntry } from "../core/index.ts";
import { differenceFrom, type Disk } from "../world/index.ts";

/** The first of `trees` whose file at the entry's path is as recorded, checked by its digest. */
export function findContent(
  disk: Disk,
  trees: readonly string[],
  entry: FileEntry,
): string | undefined {
  return trees
    .map((tree) => `${tree}/${entry.path}`)
    .find((place) => differenceFrom(disk, place, entry) === undefined);
}
