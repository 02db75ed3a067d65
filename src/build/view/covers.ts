/** The folders of the machine in whose place a view has others, and where paths then lie in it. */
import { isWithin } from "../../core/index.ts";
import { type Disk, exists, isDiskError, makeDirectories } from "../../world/index.ts";

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
 * Makes what is missing on the way: an empty folder, or a file.
 */
export function placeInView(
  disk: Disk,
  path: string,
  { root, covers, type }: { root: string; covers: readonly Cover[]; type: "directory" | "file" },
): { readonly place: string; readonly cover: Cover | undefined } {
  const place = coverOf(covers, path) === undefined ? (realPathIfAny(disk, path) ?? path) : path;
  const cover = coverOf(covers, place);
  if (cover !== undefined)
    makePlace(disk, `${cover.folder}${place.slice(cover.place.length)}`, type);
  else if (!exists(disk, place)) makePlace(disk, `${root}${place}`, type);
  return { place, cover };
}

function coverOf(covers: readonly Cover[], path: string): Cover | undefined {
  const all = covers.filter(({ place }) => isWithin(path, place));
  return all.sort((a, b) => b.place.length - a.place.length)[0];
}

/** A place where something can be mounted. */
export function makePlace(disk: Disk, path: string, type: "directory" | "file"): void {
  if (exists(disk, path)) return;
  if (type === "directory") return makeDirectories(disk, path);
  makeDirectories(disk, path.slice(0, path.lastIndexOf("/")));
  disk.createFile(path, "");
}

export function realPathIfAny(disk: Disk, path: string): string | undefined {
  try {
    return disk.realPath(path);
  } catch (error) {
    if (isDiskError(error)) return undefined;
    throw error;
  }
}
