/** What is in the prefix at the paths of packages that come in, and belongs to no package. */
import type { Entry, Manifest } from "../core/index.ts";
import type { InstalledPackages, PrefixLayout } from "../prefix/index.ts";
import type { Disk } from "../world/index.ts";
import type { PlacedPackage } from "./linked-directories.ts";

/** Files and links, as they are there: at the place of a folder, and in that of one, is none. */
export function foreignAt(
  disk: Disk,
  { prefix }: PrefixLayout,
  installed: InstalledPackages,
  packages: readonly PlacedPackage[],
): Manifest {
  const found = new Map<string, Entry>();
  for (const { manifest } of packages) {
    for (const { type, path } of manifest) {
      if (type === "directory" || found.has(path)) continue;
      const entry = entryAt(disk, prefix, path);
      if (entry === undefined) continue;
      const [owner] = installed.ownersOf(path);
      if (owner === undefined) found.set(path, entry);
    }
  }
  return [...found.values()];
}

function entryAt(disk: Disk, prefix: string, path: string): Entry | undefined {
  const place = `${prefix}/${path}`;
  const status = disk.status(place);
  if (status?.type === "link") return { type: "link", path, target: disk.readLink(place) };
  if (status?.type !== "file") return undefined;
  const { mode, sizeBytes } = status;
  return { type: "file", path, mode, sizeBytes, sha256: disk.digestFile(place) };
}
