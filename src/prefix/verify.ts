/** Comparing a prefix with its records: what is missing, changed, or nobody's. */
import {
  type Entry,
  type FileEntry,
  isByProduct,
  isWithin,
  joinPath,
  type Manifest,
  namesPrefix,
  type NamingFile,
  parentOf,
} from "../core/index.ts";
import { originalOf, targetDefect } from "../relocation/index.ts";
import {
  type Difference,
  differenceFrom,
  differenceOf,
  type Disk,
  isDiskError,
  listIfAny,
} from "../world/index.ts";
import { isStatePath, type PrefixLayout } from "./layout.ts";
import type { PackageRecord } from "./record.ts";
import { entriesOf } from "./records.ts";

/** A path of a package, relative to the prefix, and in what it differs from its record. */
export type Deviation = (Difference | Untraced) & {
  readonly package: string;
  readonly path: string;
};

/** It is as its record says, but with the placeholder put back it is not what the package's artifact has (I14). */
interface Untraced {
  readonly kind: "untraced";
}

/**
 * Everything in which the prefix differs from the records, in the records' order. `target` is the path that its files
 * name: another one where it was moved by somebody else.
 */
export function verifyRecords(
  disk: Disk,
  layout: PrefixLayout,
  records: Iterable<PackageRecord>,
  target: string = layout.prefix,
): Deviation[] {
  const findings: Deviation[] = [];
  const differenceOfFolder = prefixFolders(disk, layout);
  for (const { name, manifest } of records) {
    const untraced = tracer(disk, { prefix: layout.prefix, target, manifest });
    for (const entry of manifest) {
      const { path } = entry;
      const difference: Difference | Untraced | undefined =
        differenceOfFolder(parentOf(path)) ??
        differenceFrom(disk, `${layout.prefix}/${path}`, entry) ??
        untraced(entry);
      if (difference !== undefined) findings.push({ package: name, path, ...difference });
    }
  }
  return findings;
}

/** Of what is as recorded: whether the artifact has it, with the placeholder put back in memory. */
function tracer(
  disk: Disk,
  { prefix, target, manifest }: { prefix: string; target: string; manifest: Manifest },
): (entry: Entry) => Difference | Untraced | undefined {
  let byPath: ReadonlyMap<string, Entry> | undefined;
  const entryAt = (path: string): FileEntry | undefined => {
    byPath ??= new Map(manifest.map((entry) => [entry.path, entry]));
    const entry = byPath.get(path);
    return entry?.type === "file" ? entry : undefined;
  };
  const isTraced = (entry: NamingFile): boolean => {
    if (entry.relocation.original === undefined) return true;
    if (targetDefect(target) !== undefined) return false;
    const content = disk.readFile(`${prefix}/${entry.path}`);
    return originalOf(content, entry, { target, entryAt }) !== undefined;
  };
  return (entry) => {
    try {
      return !namesPrefix(entry) || isTraced(entry) ? undefined : { kind: "untraced" };
    } catch (error) {
      return differenceOf(error); // somebody was at work there since it was read
    }
  };
}

/** What a link of the prefix leads to elsewhere is not the prefix's, and not looked at (I15). */
function prefixFolders(
  disk: Disk,
  { prefix }: PrefixLayout,
): (folder: string) => Difference | undefined {
  const known = new Map<string, Difference | undefined>();
  const look = (folder: string): Difference | undefined => {
    try {
      const isInside = isWithin(disk.realPath(joinPath(prefix, folder)), prefix);
      return isInside ? undefined : { kind: "missing" };
    } catch (error) {
      return differenceOf(error);
    }
  };
  return (folder) => {
    if (!known.has(folder)) known.set(folder, look(folder));
    return known.get(folder);
  };
}

/** What `listForeign` needs to know of the records. */
type EntryAt = (path: string) => Entry | undefined;

/** Files and links that no package owns and that are not by-products (I5), relative to the prefix. */
export function findForeign(
  disk: Disk,
  layout: PrefixLayout,
  records: Iterable<PackageRecord>,
): string[] {
  const owned = entriesOf(records);
  return listForeign(disk, layout.prefix, "", (path) => owned.get(path));
}

/**
 * The topmost paths at or below `path` of the tree `root` that nobody owns: a whole unowned
 * directory is given once, unless it holds by-products only. What is not a directory where a package
 * owns one is somebody's too.
 */
export function listForeign(disk: Disk, root: string, path: string, entryAt: EntryAt): string[] {
  return [...walkForeign(disk, root, path, entryAt)];
}

/** Whether `listForeign` would give anything; stops at the first. */
export function holdsForeign(disk: Disk, root: string, path: string, entryAt: EntryAt): boolean {
  return walkForeign(disk, root, path, entryAt).next().done !== true;
}

function* walkForeign(
  disk: Disk,
  root: string,
  path: string,
  entryAt: EntryAt,
): Generator<string, void> {
  for (const item of listIfAny(disk, path === "" ? root : `${root}/${path}`)) {
    const inner = joinPath(path, item.name);
    if (isByProduct(inner) || isStatePath(inner)) continue;
    const entry = entryAt(inner);
    if (item.type !== "directory") {
      if (entry === undefined || entry.type === "directory") yield inner;
    } else if (entry !== undefined || inner === "var" || inner === "var/lib") {
      yield* walkForeign(disk, root, inner, entryAt);
    } else if (!holdsOnlyByProducts(disk, `${root}/${inner}`)) {
      yield inner;
    }
  }
}

/** An empty directory counts as somebody's: it was made on purpose. So does one we may not read. */
export function holdsOnlyByProducts(disk: Disk, directory: string): boolean {
  try {
    const items = listIfAny(disk, directory);
    return items.length > 0 && items.every((item) => isByProduct(item.name));
  } catch (error) {
    if (isDiskError(error, "EACCES")) return false;
    throw error;
  }
}
