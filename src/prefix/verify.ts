/** Comparing a prefix with its records: what is missing, changed, or nobody's. */
import { type Entry, isByProduct, joinPath } from "../core/index.ts";
import { type Disk, isDiskError } from "../world/index.ts";
import { isStatePath, type PrefixLayout } from "./layout.ts";
import type { PackageRecord } from "./record.ts";

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
  for (const record of records) {
    for (const entry of record.manifest) {
      const finding = verifyEntry(disk, layout, record.name, entry);
      if (finding !== undefined) findings.push(finding);
    }
  }
  return findings;
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

/** Files and links that no package owns and that are no by-products (I5), relative to the prefix. */
export function findForeign(
  disk: Disk,
  layout: PrefixLayout,
  records: Iterable<PackageRecord>,
): string[] {
  const owned = new Set<string>();
  for (const record of records) for (const entry of record.manifest) owned.add(entry.path);
  return listForeign(disk, layout.prefix, "", (path) => owned.has(path));
}

/**
 * The topmost paths at or below `path` of the tree `root` that `isOwned` does not know: a whole
 * unowned directory is given once, unless it holds by-products only.
 */
export function listForeign(
  disk: Disk,
  root: string,
  path: string,
  isOwned: (path: string) => boolean,
): string[] {
  const foreign: string[] = [];
  for (const item of listIfAny(disk, path === "" ? root : `${root}/${path}`)) {
    const inner = joinPath(path, item.name);
    if (isByProduct(inner) || isStatePath(inner)) continue;
    if (item.type !== "directory") {
      if (!isOwned(inner)) foreign.push(inner);
    } else if (isOwned(inner) || inner === "var" || inner === "var/lib") {
      foreign.push(...listForeign(disk, root, inner, isOwned));
    } else if (!holdsOnlyByProducts(disk, `${root}/${inner}`)) {
      foreign.push(inner);
    }
  }
  return foreign;
}

/** An empty directory counts as somebody's: it was made on purpose. */
function holdsOnlyByProducts(disk: Disk, directory: string): boolean {
  const items = listIfAny(disk, directory);
  return items.length > 0 && items.every((item) => isByProduct(item.name));
}

function listIfAny(disk: Disk, path: string): ReturnType<Disk["list"]> {
  try {
    return disk.list(path);
  } catch (error) {
    if (isDiskError(error, "ENOENT", "ENOTDIR")) return [];
    throw error;
  }
}
