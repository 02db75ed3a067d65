/**
 * What `pip uninstall`, or somebody else, has taken away of packages that come again: by the records
 * it would be there, and what is the same in the new version would not be brought.
 */
import type { Change } from "../install/index.ts";
import { type PrefixLayout, readRecord } from "../prefix/index.ts";
import { type Disk, exists } from "../world/index.ts";
import { distributionsOf } from "./distributions.ts";

/**
 * Looks at a package's files only where a .dist-info folder of it is not there any more, or the very
 * same comes again: then it is to put something right.
 */
export function findGone(disk: Disk, layout: PrefixLayout, { add }: Change): ReadonlySet<string> {
  const isThere = (path: string): boolean => exists(disk, `${layout.prefix}/${path}`);
  const paths = add.flatMap((incoming) => {
    const { manifest = [], artifact } = readRecord(disk, layout, incoming.name) ?? {};
    const isWhole = distributionsOf(manifest).every(({ folder }) => isThere(folder));
    if (isWhole && artifact !== incoming.artifact) return [];
    return manifest.map(({ path }) => path).filter((path) => !isThere(path));
  });
  return new Set(paths);
}
