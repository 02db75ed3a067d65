/** A staged directory where the prefix has a symlink to one (`lib64` → `lib`): joined through it. */
import {
  ancestorsOf,
  type Entry,
  joinPath,
  makeManifest,
  type Manifest,
  nameOf,
  parentOf,
  TenonError,
} from "../core/index.ts";
import {
  type InstalledPackages,
  openInstalled,
  type PackageRecord,
  type PrefixLayout,
} from "../prefix/index.ts";
import { type Disk, type FileType, isDiskError } from "../world/index.ts";
import type { Change, Incoming } from "./change.ts";

/** As many as Linux follows on one path. */
const linkLimit = 40;

/** An entry of the incoming tree, and the path at which it is to be in the prefix. */
type Placement = ReadonlyMap<string, string>;

export interface PlacedPackage {
  readonly incoming: Incoming;
  /** By real paths. */
  readonly manifest: Manifest;
  /** Where in the tree a path of the manifest is found, when it is not the same. */
  readonly origins: Placement;
}

/**
 * Rewrites what lies below a symlink to a directory to the directory itself, so that ownership is
 * recorded by the real path. Only symlinks that stay inside the prefix are followed, and of those
 * that a package owns or brings only the ones that are meant for others (`isPassage`): whether a
 * package's link came before another's folder or after it must not matter (I9). `leaving` are the
 * records of the packages that are replaced or removed: their links are no longer there.
 */
export function placePackages(
  disk: Disk,
  layout: PrefixLayout,
  change: Change,
  leaving: Iterable<PackageRecord>,
): PlacedPackage[] {
  const links = new Map<string, Link | undefined>();
  for (const { manifest } of leaving) {
    for (const [path] of linksOf(manifest)) links.set(path, undefined);
  }
  for (const { manifest } of change.add) {
    for (const [path, target] of linksOf(manifest)) links.set(path, { target, isOwned: true });
  }
  const look = rememberTypes(disk, layout.prefix);
  let installed: InstalledPackages | undefined;
  const isOwned = (path: string): boolean => {
    installed ??= openInstalled(disk, layout);
    return [...installed.ownersOf(path)].length > 0;
  };
  const linkAt = (path: string): Link | undefined => {
    if (!links.has(path)) {
      const target = linkOnDisk(disk, layout.prefix, path, look);
      links.set(path, target === undefined ? undefined : { target, isOwned: isOwned(path) });
    }
    return links.get(path);
  };
  // A manifest lists parents first, and most directories are in no link's way: each is looked at once.
  const plain = new Set([""]);
  const isPlain = (path: string): boolean => {
    if (plain.has(path)) return true;
    if (!plain.has(parentOf(path)) || linkAt(path) !== undefined) return false;
    plain.add(path);
    return true;
  };
  return change.add.map((each) =>
    place(each, isPlain, (path) => {
      const link = linkAt(path);
      return link !== undefined && isPassage(path, link, each) ? link.target : undefined;
    }),
  );
}

interface Link {
  readonly target: string;
  /** Whether it is a package's: one that is installed, or comes in. */
  readonly isOwned: boolean;
}

/** A person's link is meant as the folder; so is `lib64 -> lib`, and what the package names. */
function isPassage(path: string, { target, isOwned }: Link, { throughLinks = [] }: Incoming) {
  if (!isOwned || throughLinks.includes(path)) return true;
  return /^lib(32|64|x32)$/.test(nameOf(path)) && target === joinPath(parentOf(path), "lib");
}

/** The links whose target stays inside the prefix, with that target. */
function linksOf(manifest: Manifest): [string, string][] {
  return manifest.flatMap((entry): [string, string][] => {
    if (entry.type !== "link") return [];
    const target = resolveInside(parentOf(entry.path), entry.target);
    return target === undefined ? [] : [[entry.path, target]];
  });
}

type Look = (path: string) => FileType | undefined;

function rememberTypes(disk: Disk, prefix: string): Look {
  const types = new Map<string, FileType | undefined>();
  return (path) => {
    if (!types.has(path)) types.set(path, disk.status(`${prefix}/${path}`)?.type);
    return types.get(path);
  };
}

/** Never looks through another link: one that leaves, or leads out of the prefix, leads nowhere. */
function linkOnDisk(disk: Disk, prefix: string, path: string, look: Look): string | undefined {
  const isBelowDirectories = ancestorsOf(path).every((above) => look(above) === "directory");
  if (!isBelowDirectories || look(path) !== "link") return undefined;
  const link = `${prefix}/${path}`;
  if (!leadsToDirectory(disk, link)) return undefined;
  const target = disk.readLink(link);
  return target.startsWith("/")
    ? pathInside(prefix, disk.realPath(link))
    : resolveInside(parentOf(path), target);
}

function pathInside(prefix: string, path: string): string | undefined {
  return path.startsWith(`${prefix}/`) ? path.slice(prefix.length + 1) : undefined;
}

function leadsToDirectory(disk: Disk, link: string): boolean {
  try {
    return disk.statusOfTarget(link)?.type === "directory";
  } catch (error) {
    if (isDiskError(error, "ELOOP", "EACCES")) return false;
    throw error;
  }
}

function place(
  incoming: Incoming,
  isPlain: (path: string) => boolean,
  linkAt: (path: string) => string | undefined,
): PlacedPackage {
  const moves = new Map<string, string>();
  for (const { type, path } of incoming.manifest) {
    if (type !== "directory" || isPlain(path)) continue;
    const moved = move(path, moves);
    const target = followLinks(moved, linkAt);
    if (target !== moved) moves.set(path, target);
  }
  if (moves.size === 0) return { incoming, manifest: incoming.manifest, origins: new Map() };
  const origins = new Map<string, string>();
  const entries = new Map<string, Entry>();
  for (const entry of incoming.manifest) {
    const path = move(entry.path, moves);
    const present = entries.get(path);
    if (present?.type === "directory" && entry.type === "directory") continue;
    if (present !== undefined)
      throw collision(incoming.name, origins.get(path) ?? path, entry.path);
    if (path !== entry.path) origins.set(path, entry.path);
    entries.set(path, { ...entry, path });
  }
  return { incoming, manifest: makeManifest(entries.values()), origins };
}

/** To the directory itself, through links to links and links on the way. */
function followLinks(start: string, linkAt: (path: string) => string | undefined): string {
  let path = start;
  for (let count = 0; count < linkLimit; count += 1) {
    const link = [...ancestorsOf(path), path].find((each) => linkAt(each) !== undefined);
    if (link === undefined) return path;
    path = `${linkAt(link)}${path.slice(link.length)}`;
  }
  return start; // a circle: the link itself will be the conflict
}

function collision(name: string, first: string, second: string): TenonError {
  return new TenonError({
    kind: "conflict",
    code: "LINKED_PATHS_COLLIDE",
    message: `${name} brings both ${first} and ${second}, which are one path in the prefix, because a directory above them is a link there`,
    hints: ["Let the package install into one of the two directories only."],
  });
}

/** Applies the move of the nearest moved ancestor, or of the path itself. */
function move(path: string, moves: ReadonlyMap<string, string>): string {
  for (let ancestor = path; ancestor !== ""; ancestor = parentOf(ancestor)) {
    const target = moves.get(ancestor);
    if (target !== undefined) return target + path.slice(ancestor.length);
  }
  return path;
}

/** The path that a relative target means, or undefined when it leaves the prefix. */
function resolveInside(directory: string, target: string): string | undefined {
  if (target.startsWith("/")) return undefined;
  const names = directory === "" ? [] : directory.split("/");
  for (const name of target.split("/")) {
    if (name === "" || name === ".") continue;
    if (name !== "..") names.push(name);
    else if (names.pop() === undefined) return undefined;
  }
  return names.length === 0 ? undefined : names.join("/");
}
