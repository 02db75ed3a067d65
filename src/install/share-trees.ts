/** Packages whose trees stay where they are: all their files are hard linked by one call. */
import { ancestorsOf, type Entry, type FileEntry, parentOf } from "../core/index.ts";
import type { Disk, LinkedFile, TreeToLink } from "../world/index.ts";
import { isUntouched } from "./bring-file.ts";
import type { PlacedPackage } from "./linked-directories.ts";

/** A package, and what of its manifest it brings, parents first. */
export interface Arrival {
  readonly each: PlacedPackage;
  readonly entries: readonly Entry[];
}

export function isShareable({ each: { incoming, origins } }: Arrival): boolean {
  return incoming.transfer === "share" && incoming.locate === undefined && origins.size === 0;
}

/** Gives what is still to be brought: symlinks, and what cannot be shared or may be edited. */
export function shareTrees(
  disk: Disk,
  to: string,
  arrivals: readonly Arrival[],
): { each: PlacedPackage; entry: Entry }[] {
  const common = makeCommonDirectories(disk, to, arrivals);
  const trees = arrivals.map((arrival) => toTree(disk, to, arrival, common));
  const links = disk.linkTrees(trees);
  return arrivals.flatMap(({ each, entries }, index) => {
    const linked = links[index] ?? [];
    let at = 0;
    return entries
      .filter((entry) => {
        if (entry.type !== "file") return entry.type === "link";
        const link = linked[at];
        at += 1;
        if (link === undefined) return true;
        if (isGood(each, entry, link)) return false;
        disk.removeFile(`${to}/${entry.path}`);
        return true;
      })
      .map((entry) => ({ each, entry }));
  });
}

/** With a third name, an edit in one prefix would be in another at once (see `bring-file.ts`). */
function isGood({ incoming }: PlacedPackage, entry: FileEntry, link: LinkedFile): boolean {
  if (link.linkCount > 2) return false;
  return incoming.isShared !== true || isUntouched(link, entry, incoming.writtenMs);
}

function toTree(
  disk: Disk,
  to: string,
  { each, entries }: Arrival,
  common: ReadonlySet<string>,
): TreeToLink {
  const from = each.incoming.tree;
  const files = entries.flatMap(({ type, path }) => (type === "file" ? [path] : []));
  // Where one file has a second name, the others will have one, too.
  const isFree = files[0] !== undefined && disk.status(`${from}/${files[0]}`)?.linkCount === 1;
  return {
    from,
    to,
    directories: entries.flatMap((entry) =>
      entry.type === "directory" && !common.has(entry.path) ? [toDirectory(entry)] : [],
    ),
    files: isFree ? files : [],
  };
}

/** Those into which another package than the one that brings them puts something. */
function makeCommonDirectories(
  disk: Disk,
  to: string,
  arrivals: readonly Arrival[],
): ReadonlySet<string> {
  const owners = new Map<string, PlacedPackage>();
  const common = new Set<string>();
  for (const { each, entries } of arrivals) {
    for (const { type, path } of entries) {
      if (type === "directory") owners.set(path, each);
      const parent = parentOf(path);
      if (parent === "" || owners.get(parent) === each || common.has(parent)) continue;
      for (const directory of [...ancestorsOf(parent), parent]) common.add(directory);
    }
  }
  for (const { entries } of arrivals) {
    for (const entry of entries) {
      if (entry.type !== "directory" || !common.has(entry.path)) continue;
      const { path, mode } = toDirectory(entry);
      disk.makeDirectory(`${to}/${path}`, mode);
    }
  }
  return common;
}

function toDirectory({ path, mode }: Entry & { readonly type: "directory" }): {
  path: string;
  mode: number;
} {
  return { path, mode: mode | 0o700 };
}
