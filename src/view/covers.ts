/** The folders of the machine in whose place a view has others, and where paths then lie in it. */
import { dirname } from "node:path";
import { isWithin } from "../core/index.ts";
import { type Disk, exists, isDiskError, makeDirectories } from "../world/index.ts";

export interface Cover {
  /** Absolute, without links. */
  readonly place: string;
  /** What is there instead, on disk. */
  readonly folder: string;
  readonly isWritable: boolean;
}

/** Others write here as well, and daemons have their sockets here; a build has such folders of its own. */
const ownFolders: Readonly<Record<string, number>> = {
  "/tmp": 0o1777,
  "/var/tmp": 0o1777,
  "/run": 0o755,
  "/var/run": 0o755,
};

/** `hidden`: folders that are to be empty; what lies in another cover is not there anyway. */
export function findCovers(disk: Disk, own: string, hidden: readonly string[]): Cover[] {
  const covers: Cover[] = [];
  const add = (path: string, mode: number, isWritable: boolean): void => {
    const place = realPathIfAny(disk, path);
    if (place === undefined || covers.some((cover) => isWithin(place, cover.place))) return;
    const folder = `${own}/${path.slice(1).replaceAll("/", "-")}`;
    makeDirectories(disk, folder, mode);
    covers.push({ place, folder, isWritable });
  };
  for (const [path, mode] of Object.entries(ownFolders)) add(path, mode, true);
  for (const path of hidden) add(path, 0o755, false);
  return covers;
}

/**
 * Where a path lies in the view, without links on the way, so that a mount there cannot land elsewhere.
 * Makes what is missing on the way: an empty folder, a file, or the link that is there.
 */
export function placeInView(
  disk: Disk,
  path: string,
  view: { readonly root: string; readonly covers: readonly Cover[] },
): { readonly place: string; readonly cover: Cover | undefined } {
  const real = realPathIfAny(disk, path) ?? path;
  const named = coverOf(view.covers, path);
  if (named !== undefined && real !== path && disk.status(path)?.type === "link") {
    const link = pathBelow(named, path);
    makeDirectories(disk, dirname(link));
    if (!exists(disk, link)) disk.makeLink(link, disk.readLink(path));
    return placeInView(disk, real, view);
  }
  const place = named === undefined ? real : path;
  const cover = named ?? coverOf(view.covers, place);
  if (cover !== undefined) makePlace(disk, pathBelow(cover, place), typeOf(disk, place));
  else if (!exists(disk, place)) makePlace(disk, `${view.root}${place}`, "directory");
  return { place, cover };
}

/** On disk. */
function pathBelow({ place, folder }: Cover, path: string): string {
  return `${folder}${path.slice(place.length)}`;
}

export function typeOf(disk: Disk, path: string): "directory" | "file" {
  return disk.statusOfTarget(path)?.type === "file" ? "file" : "directory";
}

function coverOf(covers: readonly Cover[], path: string): Cover | undefined {
  const all = covers.filter(({ place }) => isWithin(path, place));
  return all.sort((a, b) => b.place.length - a.place.length)[0];
}

/** A place where something can be mounted. */
export function makePlace(disk: Disk, path: string, type: "directory" | "file"): void {
  if (exists(disk, path)) return;
  if (type === "directory") return makeDirectories(disk, path);
  makeDirectories(disk, dirname(path));
  disk.createFile(path, "");
}

function realPathIfAny(disk: Disk, path: string): string | undefined {
  try {
    return disk.realPath(path);
  } catch (error) {
    if (isDiskError(error)) return undefined;
    throw error;
  }
}
