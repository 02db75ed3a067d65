/** Packages whose trees stay where they are: all their files are hard linked by one call. */
import type { Entry, FileEntry } from "../core/index.ts";
import type { Disk, LinkedFile, TreeToLink } from "../world/index.ts";
import { wasWritten } from "./bring-file.ts";
import type { PlacedPackage } from "./linked-directories.ts";

/** A package, and what of its manifest it brings, parents first. */
export interface Arrival {
  readonly each: PlacedPackage;
  readonly entries: readonly Entry[];
}

export function isShareable({ each: { incoming, origins } }: Arrival): boolean {
  return incoming.transfer === "share" && incoming.locate === undefined && origins.size === 0;
}

/**
 * Gives what is still to be brought: symlinks, and what cannot be shared or may be edited. `shared`
 * are the directories that several packages list: they are there before the trees are linked.
 */
export function shareTrees(
  disk: Disk,
  to: string,
  { arrivals, shared }: { arrivals: readonly Arrival[]; shared: ReadonlySet<string> },
): { each: PlacedPackage; entry: Entry }[] {
  for (const { path, mode } of arrivals.flatMap(directoriesOf)) {
    if (shared.has(path)) disk.makeDirectory(`${to}/${path}`, mode);
  }
  const trees = arrivals.map((arrival) => toTree(disk, to, arrival, shared));
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
        disk.removeFile(`${to}/${entry.path}`); // a name of it, whatever it is by now
        return true;
      })
      .map((entry) => ({ each, entry }));
  });
}

/** With a third name, an edit in one prefix would be in another at once (see `bring-file.ts`). */
function isGood({ incoming }: PlacedPackage, entry: FileEntry, link: LinkedFile): boolean {
  if (link.linkCount > 2 || !link.isFile) return false;
  if (incoming.writtenMs === undefined) return true;
  const isListed = link.mode === entry.mode && link.sizeBytes === entry.sizeBytes;
  return isListed && wasWritten(incoming.writtenMs)(link);
}

function toTree(
  disk: Disk,
  to: string,
  { each, entries }: Arrival,
  shared: ReadonlySet<string>,
): TreeToLink {
  const from = each.incoming.tree;
  const files = entries.flatMap(({ type, path }) => (type === "file" ? [path] : []));
  // Where one file has a second name, the others will have one, too.
  const isFree = files[0] !== undefined && disk.status(`${from}/${files[0]}`)?.linkCount === 1;
  return {
    from,
    to,
    directories: directoriesOf({ entries }).filter(({ path }) => !shared.has(path)),
    files: isFree ? files : [],
  };
}

function directoriesOf({ entries }: Pick<Arrival, "entries">): { path: string; mode: number }[] {
  return entries.flatMap((entry) =>
    entry.type === "directory" ? [{ path: entry.path, mode: entry.mode | 0o700 }] : [],
  );
}
