/** Packages whose trees stay where they are: all their files are hard linked by one call. */
import type { Entry, FileEntry } from "../core/index.ts";
import type { Disk, LinkedFile, TreeToLink } from "../world/index.ts";
import { mostNames, wasWritten } from "./bring-file.ts";
import type { PlacedPackage } from "./linked-directories.ts";

/** A package, and what of its manifest it brings, parents first. */
export interface Arrival {
  readonly each: PlacedPackage;
  readonly entries: readonly Entry[];
}

export function isShareable({ each: { incoming, origins } }: Arrival): boolean {
  const { transfer, locate } = incoming;
  const isShared = transfer === "share" || transfer === "share-freely";
  return isShared && locate === undefined && origins.size === 0;
}

/** What of a package comes from one tree. */
interface Part {
  readonly each: PlacedPackage;
  readonly from: string;
  readonly directories: readonly { readonly path: string; readonly mode: number }[];
  readonly files: readonly FileEntry[];
  readonly writtenMs: readonly [number, number] | undefined;
}

/**
 * Gives what is still to be brought: symlinks, what is written anew, and what cannot be shared or may be edited. `shared`
 * are the directories that several packages list: they are there before the trees are linked.
 */
export function shareTrees(
  disk: Disk,
  to: string,
  { arrivals, shared }: { arrivals: readonly Arrival[]; shared: ReadonlySet<string> },
): { each: PlacedPackage; entry: Entry }[] {
  const early = new Set(shared);
  for (const { each, entries } of arrivals) {
    // A directory in which both trees of a package have files belongs to neither.
    for (const path of each.incoming.made?.paths ?? []) addParents(early, path);
    for (const { path, mode } of directoriesOf(entries))
      if (early.has(path)) disk.makeDirectory(`${to}/${path}`, mode);
  }
  const parts = arrivals.flatMap((arrival) => partsOf(arrival, early));
  const links = disk.linkTrees(parts.map((part) => toTree(disk, to, part)));
  const rest = arrivals.flatMap(({ each, entries }) =>
    entries
      .filter(({ type, path }) => type === "link" || isRewritten(each, path))
      .map((entry) => ({ each, entry })),
  );
  parts.forEach(({ each, files, writtenMs }, index) => {
    const most = mostNames(each.incoming.transfer);
    files.forEach((entry, at) => {
      const link = links[index]?.[at];
      if (link !== undefined && isGood(entry, link, { most, writtenMs })) return;
      if (link !== undefined) disk.removeFile(`${to}/${entry.path}`); // a name of it, whatever it is by now
      rest.push({ each, entry });
    });
  });
  return rest;
}

function isGood(
  entry: FileEntry,
  link: LinkedFile,
  { most, writtenMs }: Pick<Part, "writtenMs"> & { readonly most: number },
): boolean {
  if (link.linkCount > most || !link.isFile) return false;
  if (writtenMs === undefined) return true;
  return (
    link.sizeBytes === entry.sizeBytes && link.mode === entry.mode && wasWritten(writtenMs)(link)
  );
}

function partsOf({ each, entries }: Arrival, early: ReadonlySet<string>): Part[] {
  const { tree, writtenMs, made } = each.incoming;
  const files = entries.filter(
    (entry) => entry.type === "file" && !isRewritten(each, entry.path),
  ) as FileEntry[];
  const directories = directoriesOf(entries).filter(({ path }) => !early.has(path));
  if (made === undefined) return [{ each, from: tree, directories, files, writtenMs }];
  const [own, others] = [true, false].map((isMade) =>
    files.filter(({ path }) => made.paths.has(path) === isMade),
  ) as [FileEntry[], FileEntry[]];
  return [
    { each, from: tree, directories, files: others, writtenMs },
    { each, from: made.tree, directories: [], files: own, writtenMs: made.writtenMs },
  ];
}

function isRewritten({ incoming }: PlacedPackage, path: string): boolean {
  return incoming.rewritten?.has(path) === true;
}

function toTree(disk: Disk, to: string, { each, from, directories, files }: Part): TreeToLink {
  // Where one file has a second name, the others will have one, too.
  const first = files[0] === undefined ? undefined : disk.status(`${from}/${files[0].path}`);
  const isFree = first !== undefined && first.linkCount < mostNames(each.incoming.transfer);
  return { from, to, directories, files: isFree ? files.map(({ path }) => path) : [] };
}

function addParents(folders: Set<string>, path: string): void {
  for (let at = path.lastIndexOf("/"); at > 0; at = path.lastIndexOf("/", at - 1))
    folders.add(path.slice(0, at));
}

function directoriesOf(entries: readonly Entry[]): { path: string; mode: number }[] {
  return entries.flatMap((entry) =>
    entry.type === "directory" ? [{ path: entry.path, mode: entry.mode | 0o700 }] : [],
  );
}
