/** Comparing a prefix with its records: what is missing, changed, or nobody's. */
import { type Entry, isByProduct, isWithin, joinPath, parentOf } from "../core/index.ts";
import { type Disk, isDiskError, listIfAny } from "../world/index.ts";
import { isStatePath, type PrefixLayout } from "./layout.ts";
import type { PackageRecord } from "./record.ts";
import { entriesOf } from "./records.ts";

export type Finding =
  | { readonly kind: "missing"; readonly package: string; readonly path: string }
  | { readonly kind: "changed"; readonly package: string; readonly path: string }
  | {
      readonly kind: "wrong-type";
      readonly package: string;
      readonly path: string;
      readonly expected: string;
      readonly found: string;
    }
  | {
      readonly kind: "wrong-mode";
      readonly package: string;
      readonly path: string;
      readonly expected: number;
      readonly found: number;
    }
  | {
      readonly kind: "wrong-target";
      readonly package: string;
      readonly path: string;
      readonly expected: string;
      readonly found: string;
    };

/** Everything in which the prefix differs from the records, in the records' order. */
export function verifyRecords(
  disk: Disk,
  layout: PrefixLayout,
  records: Iterable<PackageRecord>,
): Finding[] {
  const findings: Finding[] = [];
  const isInPrefix = prefixFolders(disk, layout);
  for (const record of records) {
    for (const entry of record.manifest) {
      const finding = isInPrefix(parentOf(entry.path))
        ? verifyEntry(disk, layout, record.name, entry)
        : ({ kind: "missing", package: record.name, path: entry.path } as const);
      if (finding !== undefined) findings.push(finding);
    }
  }
  return findings;
}

/** What a link of the prefix leads to elsewhere is not the prefix's, and not looked at (I15). */
function prefixFolders(disk: Disk, { prefix }: PrefixLayout): (folder: string) => boolean {
  const known = new Map<string, boolean>();
  const look = (folder: string): boolean => {
    try {
      return isWithin(disk.realPath(joinPath(prefix, folder)), prefix);
    } catch (error) {
      if (isDiskError(error, "ENOENT", "ENOTDIR", "ELOOP")) return false;
      throw error;
    }
  };
  return (folder) => {
    const isInside = known.get(folder) ?? look(folder);
    known.set(folder, isInside);
    return isInside;
  };
}

function verifyEntry(
  disk: Disk,
  layout: PrefixLayout,
  owner: string,
  entry: Entry,
): Finding | undefined {
  const place = { package: owner, path: entry.path };
  const absolute = `${layout.prefix}/${entry.path}`;
  const status = disk.status(absolute);
  if (status === undefined) return { kind: "missing", ...place };
  if (status.type !== entry.type) {
    return { kind: "wrong-type", ...place, expected: entry.type, found: status.type };
  }
  switch (entry.type) {
    case "directory":
      return undefined; // shared: its mode is that of whoever made it
    case "link": {
      const found = disk.readLink(absolute);
      if (found === entry.target) return undefined;
      return { kind: "wrong-target", ...place, expected: entry.target, found };
    }
    case "file":
      if (status.sizeBytes !== entry.sizeBytes || disk.digestFile(absolute) !== entry.sha256) {
        return { kind: "changed", ...place };
      }
      if (status.mode === entry.mode) return undefined;
      return { kind: "wrong-mode", ...place, expected: entry.mode, found: status.mode };
  }
}

/** What `listForeign` needs to know of the records. */
type EntryAt = (path: string) => Entry | undefined;

/** Files and links that no package owns and that are no by-products (I5), relative to the prefix. */
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
 * directory is given once, unless it holds by-products only. What is no directory where a package
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
