/**
 * Libraries that a package needs and that the loader will not find among the package's own files and
 * those of its dependencies: the machine's instead, or none at all (I7).
 *
 * Each file is looked at by itself, as ld.so(8) looks for what it needs: in its rpath, then in the
 * machine's folders. What another file that is loaded before it would bring is not counted on.
 */
import { posix } from "node:path";
import {
  type Entry,
  isWithin,
  joinPath,
  type Manifest,
  nameOf,
  parentOf,
  type StrayLibrary,
} from "../core/index.ts";
import { neededLibraries, type NeededLibraries } from "../stage/index.ts";
import type { Disk } from "../world/index.ts";
import { isSystemLibrary, mayWheelExpect, systemFolders } from "./system-libraries.ts";

interface LibrarySearch {
  readonly disk: Disk;
  readonly architecture: string;
  readonly prefix: string;
  /** Where the package's own files lie. */
  readonly stage: string;
  readonly manifest: Manifest;
  readonly layers: readonly { readonly manifest: Manifest }[];
  /** A wheel brings what it needs in ways of its own: only what it takes of the machine is told. */
  readonly isWheel: boolean;
}

export function findStrayLibraries(search: LibrarySearch): StrayLibrary[] {
  const { disk, architecture, stage } = search;
  const lookUp = createLookUp(search);
  return search.manifest.flatMap((entry) => {
    if (entry.type !== "file") return [];
    const file = `${stage}/${entry.path}`;
    const libraries = neededLibraries(disk, file, { entry, architecture });
    if (libraries === undefined) return [];
    return libraries.needed.flatMap((library) => {
      if (isSystemLibrary(library) || library.includes("/")) return [];
      if (search.isWheel && mayWheelExpect(library)) return [];
      const found = lookUp(entry.path, library, libraries);
      if (found === undefined || (search.isWheel && found.where !== "machine")) return [];
      return [{ path: entry.path, library, ...found }];
    });
  });
}

type Stray = Pick<StrayLibrary, "where" | "folder">;
type LookUp = (path: string, library: string, libraries: NeededLibraries) => Stray | undefined;

function createLookUp(search: LibrarySearch): LookUp {
  const { disk, prefix } = search;
  let names: Names | undefined;
  let folders: string[] | undefined;
  const isThere = (place: string): boolean => disk.statusOfTarget(place)?.type === "file";
  return (path, library, { rpath }) => {
    names ??= namesOf(search);
    const own = `${prefix}/${parentOf(path)}`.replace(/\/$/, "");
    for (const folder of rpath.flatMap((each) => expand(each, own))) {
      if (isWithin(folder, prefix)) {
        const inner = resolve(names, prefix, folder.slice(prefix.length + 1));
        if (names.paths.has(joinPath(inner, library))) return undefined;
      } else if (isThere(`${folder}/${library}`)) return { where: "machine", folder };
    }
    const inView = names.folders.get(library);
    folders ??= systemFolders(disk);
    const onMachine = folders.find((folder) => isThere(`${folder}/${library}`));
    if (onMachine !== undefined) {
      return { where: "machine", ...(inView === undefined ? {} : { folder: inView }) };
    }
    return inView === undefined ? { where: "nowhere" } : { where: "prefix", folder: inView };
  };
}

/** `$PLATFORM` is the processor's name, for which nothing is built here. */
function expand(rpath: string, own: string): string[] {
  const text = rpath.replaceAll(/\$(ORIGIN\b|\{ORIGIN\})/g, () => own);
  const texts = ["lib", "lib64"].map((lib) => text.replaceAll(/\$(LIB\b|\{LIB\})/g, lib));
  return [...new Set(texts)].filter((each) => each.startsWith("/")).map(normalize);
}

function normalize(place: string): string {
  return posix.normalize(place).replace(/(?<=.)\/$/, "");
}

interface Names {
  /** Of what may be a library, relative to the prefix. */
  readonly paths: ReadonlySet<string>;
  /** The folder, relative to the prefix, by a library's name. */
  readonly folders: ReadonlyMap<string, string>;
  /** What may be a link to a folder, such as `lib64`, and where it leads to. */
  readonly links: ReadonlyMap<string, string>;
}

function namesOf({ manifest, layers }: LibrarySearch): Names {
  const paths = new Set<string>();
  const folders = new Map<string, string>();
  const links = new Map<string, string>();
  const enter = (entry: Entry): void => {
    if (entry.type === "directory") return;
    const { path } = entry;
    const name = nameOf(path);
    if (name.includes(".so")) {
      paths.add(path);
      // Of several, the one that is found most easily.
      const known = folders.get(name);
      if (known === undefined || known.length > parentOf(path).length)
        folders.set(name, parentOf(path));
    } else if (entry.type === "link") links.set(path, entry.target);
  };
  for (const each of [{ manifest }, ...layers]) for (const entry of each.manifest) enter(entry);
  return { paths, folders, links };
}

const mostLinks = 20;

function resolve({ links }: Names, prefix: string, folder: string): string {
  let place = folder;
  for (let count = 0; count < mostLinks; count += 1) {
    const link = firstLink(links, place);
    if (link === undefined) break;
    const target = posix.resolve(`${prefix}/${parentOf(link)}`, links.get(link) ?? "");
    if (!isWithin(target, prefix)) break;
    place = joinPath(target.slice(prefix.length + 1), place.slice(link.length + 1));
  }
  return place;
}

function firstLink(links: ReadonlyMap<string, string>, place: string): string | undefined {
  for (let at = place.indexOf("/"); ; at = place.indexOf("/", at + 1)) {
    const part = at < 0 ? place : place.slice(0, at);
    if (links.has(part)) return part;
    if (at < 0) return undefined;
  }
}
