/** Packages whose trees stay where they are: all their files are linked by one call, or copied by one. */
import type { Entry, FileEntry } from "../core/index.ts";
import { differenceFrom, type Disk, type LinkedFile, removeTree } from "../world/index.ts";
import { mostNames, wasWritten } from "./bring-file.ts";
import type { Incoming } from "./change.ts";
import type { PlacedPackage } from "./linked-directories.ts";

/** An entry that is to be brought by itself. */
interface Single {
  readonly each: PlacedPackage;
  readonly entry: Entry;
}

/** A package, and what of its manifest it brings, parents first. */
export interface Arrival {
  readonly each: PlacedPackage;
  readonly entries: readonly Entry[];
}

/** Whether its files come from whole trees: by links, or by copies whose digests are known. */
export function comesWhole({ each: { incoming, origins } }: Arrival): boolean {
  if (incoming.locate !== undefined || origins.size > 0) return false;
  return isLinked(incoming) || isCopied(incoming);
}

function isLinked({ transfer }: Incoming): boolean {
  return transfer === "share" || transfer === "share-freely";
}

function isCopied({ transfer = "copy", writtenMs }: Incoming): boolean {
  return writtenMs !== undefined && (transfer === "copy" || transfer === "rewrite");
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
 * Gives what is still to be brought: symlinks, what is written anew, and what could be brought neither way. `shared`
 * are the directories that several packages list: they are there before the trees are.
 */
export function bringTrees(
  disk: Disk,
  to: string,
  { arrivals, shared }: { arrivals: readonly Arrival[]; shared: ReadonlySet<string> },
): Single[] {
  const early = new Set(shared);
  for (const { each, entries } of arrivals) {
    // A directory in which both trees of a package have files belongs to neither.
    for (const path of each.incoming.made?.paths ?? []) addParents(early, path);
    for (const { path, mode } of directoriesOf(entries))
      if (early.has(path)) disk.makeDirectory(`${to}/${path}`, mode);
  }
  const parts = arrivals.flatMap((arrival) => partsOf(arrival, early));
  const [toLink, toCopy] = [true, false].map((links) =>
    parts.filter(({ each }) => isLinked(each.incoming) === links),
  ) as [Part[], Part[]];
  const { unlinked, unlike } = linkParts(disk, to, toLink);
  const uncopied = copyParts(disk, to, [
    ...toCopy,
    ...unlinked.filter(({ files }) => files.length > 0),
  ]);
  const others = arrivals.flatMap(({ each, entries }) =>
    entries
      .filter(({ type, path }) => type === "link" || isRewritten(each, path))
      .map((entry) => ({ each, entry })),
  );
  return [...others, ...unlike, ...uncopied];
}

/** Gives what could not be linked, as parts to copy, and the files that are not as they were written. */
function linkParts(
  disk: Disk,
  to: string,
  parts: readonly Part[],
): { unlinked: Part[]; unlike: Single[] } {
  const trees = parts.map(({ each, from, directories, files }) => {
    // Where one file has a second name, the others will have one, too.
    const first = files[0] === undefined ? undefined : disk.status(`${from}/${files[0].path}`);
    const isFree = first !== undefined && first.linkCount < mostNames(each.incoming.transfer);
    return { from, to, directories, files: isFree ? files.map(({ path }) => path) : [] };
  });
  const links = disk.linkTrees(trees);
  const unlike: Single[] = [];
  const unlinked = parts.map((part, index) => {
    const { each, writtenMs } = part;
    const most = mostNames(each.incoming.transfer);
    const files = part.files.filter((entry, at) => {
      const link = links[index]?.[at];
      if (link === undefined) return true;
      const isFree = link.linkCount <= most;
      if (isFree && isAsWritten(entry, link, writtenMs)) return false;
      disk.removeFile(`${to}/${entry.path}`); // a name of it, whatever it is by now
      if (isFree) unlike.push({ each, entry });
      return !isFree;
    });
    return { ...part, directories: [], files };
  });
  return { unlinked, unlike };
}

function isAsWritten(entry: FileEntry, link: LinkedFile, writtenMs: Part["writtenMs"]): boolean {
  if (!link.isFile) return false;
  if (writtenMs === undefined) return true;
  return (
    link.sizeBytes === entry.sizeBytes && link.mode === entry.mode && wasWritten(writtenMs)(link)
  );
}

/** Gives the files that are to be brought one by one, so that what fails has a word of its own. */
function copyParts(disk: Disk, to: string, parts: readonly Part[]): Single[] {
  const trees = parts.map(({ each, from, directories, files, writtenMs }) => {
    const share = each.incoming.transfer !== "rewrite";
    return { from, to, directories, files: writtenMs === undefined ? [] : files, share };
  });
  const copies = disk.copyTrees(trees);
  return parts.flatMap(({ each, files, writtenMs }, index) =>
    files
      .filter((entry, at) => {
        const kind = copies[index]?.[at];
        const path = `${to}/${entry.path}`;
        if (kind === "copied") return false;
        const isGood = writtenMs !== undefined && kind === "shared";
        if (isGood && differenceFrom(disk, path, entry, wasWritten(writtenMs)) === undefined)
          return false;
        removeTree(disk, path);
        return true;
      })
      .map((entry) => ({ each, entry })),
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

function addParents(folders: Set<string>, path: string): void {
  for (let at = path.lastIndexOf("/"); at > 0; at = path.lastIndexOf("/", at - 1))
    folders.add(path.slice(0, at));
}

function directoriesOf(entries: readonly Entry[]): { path: string; mode: number }[] {
  return entries.flatMap((entry) =>
    entry.type === "directory" ? [{ path: entry.path, mode: entry.mode | 0o700 }] : [],
  );
}
