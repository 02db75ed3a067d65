/** A staged directory where the prefix has a symlink to one (`lib64` → `lib`): joined through it. */
import { type Entry, type Manifest, parentOf } from "../core/index.ts";
import type { PackageRecord } from "../prefix/index.ts";
import type { Disk } from "../world/index.ts";
import type { Change, Incoming } from "./change.ts";

/** An entry of the incoming tree, and the path at which it is to be in the prefix. */
export type Placement = ReadonlyMap<string, string>;

export interface PlacedPackage {
  readonly incoming: Incoming;
  /** By real paths. */
  readonly manifest: Manifest;
  /** Where in the tree a path of the manifest is found, when it is not the same. */
  readonly origins: Placement;
}

/**
 * Rewrites what lies below a symlink to a directory to the directory itself, so that ownership is
 * recorded by the real path. Only symlinks that stay inside the prefix are followed.
 */
export function placePackages(
  disk: Disk,
  prefix: string,
  change: Change,
  installed: Iterable<PackageRecord>,
): PlacedPackage[] {
  const leaving = new Set([...change.remove, ...change.add.map(({ name }) => name)]);
  const links = new Map<string, string | undefined>();
  for (const { name, manifest } of installed) {
    for (const [path, target] of linksOf(manifest)) {
      links.set(path, leaving.has(name) ? undefined : target);
    }
  }
  for (const { manifest } of change.add) {
    for (const [path, target] of linksOf(manifest)) links.set(path, target);
  }
  return change.add.map((each) =>
    place(each, (path) => (links.has(path) ? links.get(path) : linkOnDisk(disk, prefix, path))),
  );
}

/** The links whose target stays inside the prefix, with that target. */
function linksOf(manifest: Manifest): [string, string][] {
  return manifest.flatMap((entry): [string, string][] => {
    if (entry.type !== "link") return [];
    const target = resolveInside(parentOf(entry.path), entry.target);
    return target === undefined ? [] : [[entry.path, target]];
  });
}

function linkOnDisk(disk: Disk, prefix: string, path: string): string | undefined {
  const absolute = `${prefix}/${path}`;
  if (disk.status(absolute)?.type !== "link") return undefined;
  if (disk.statusOfTarget(absolute)?.type !== "directory") return undefined;
  return resolveInside(parentOf(path), disk.readLink(absolute));
}

function place(incoming: Incoming, linkAt: (path: string) => string | undefined): PlacedPackage {
  const moves = new Map<string, string>();
  for (const { type, path } of incoming.manifest) {
    if (type !== "directory") continue;
    const target = linkAt(move(path, moves));
    if (target !== undefined) moves.set(path, target);
  }
  if (moves.size === 0) return { incoming, manifest: incoming.manifest, origins: new Map() };
  const origins = new Map<string, string>();
  const entries = new Map<string, Entry>();
  for (const entry of incoming.manifest) {
    const path = move(entry.path, moves);
    if (path !== entry.path) origins.set(path, entry.path);
    if (entry.type !== "directory" || !entries.has(path)) entries.set(path, { ...entry, path });
  }
  const manifest = [...entries.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  return { incoming, manifest, origins };
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
