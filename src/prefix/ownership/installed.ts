/**
 * What a prefix holds, read as far as it is asked: a transaction costs what it touches, not what
 * is installed. Where a path's owners are, the tables of the ownership index tell; every answer is
 * checked against the owner's record, so an outdated row does no harm. What the tables do not cover
 * yet is read whole.
 */
import { compareText, firstWhere, type Manifest } from "../../core/index.ts";
import type { Disk } from "../../world/index.ts";
import type { PrefixLayout } from "../layout.ts";
import type { PackageRecord } from "../record.ts";
import { installedNames, readRecord } from "../records.ts";
import { transactionIds } from "../history-entry.ts";
import { packagesOf, readCatalogue } from "./catalogue.ts";
import { openTable } from "./table.ts";

export interface InstalledPackages {
  record(name: string): PackageRecord | undefined;
  /** The packages that list a path; several may list a directory. */
  ownersOf(path: string): Iterable<PackageRecord>;
  /** Those, and the packages that have ceded it to one of them. */
  claimantsOf(path: string): Iterable<PackageRecord>;
}

/** Nothing of the prefix may change as long as it is used; the lock is held, or wrong is harmless. */
export function openInstalled(disk: Disk, layout: PrefixLayout): InstalledPackages {
  const records = new Map<string, PackageRecord | undefined>();
  const record = (name: string): PackageRecord | undefined => {
    if (!records.has(name)) records.set(name, readRecord(disk, layout, name));
    return records.get(name);
  };
  const catalogue = readCatalogue(disk, layout);
  const tables = (catalogue?.tables ?? []).map(({ file, sizeBytes }) =>
    openTable(disk, `${layout.index}/${file}`, sizeBytes),
  );
  const names =
    catalogue === undefined
      ? installedNames(disk, layout)
      : uncoveredPackages(disk, layout, catalogue.transactions);
  const recent = new Map<string, string[]>();
  for (const name of names) {
    for (const path of pathsOf(record(name))) {
      const owners = recent.get(path);
      if (owners === undefined) recent.set(path, [name]);
      else owners.push(name);
    }
  }

  function* namesFor(path: string): Generator<string, void> {
    yield* recent.get(path) ?? [];
    for (const table of tables) yield* table.owners(path);
  }
  function* select(
    path: string,
    isMeant: (record: PackageRecord) => boolean,
  ): Generator<PackageRecord, void> {
    const seen = new Set<string>();
    for (const name of namesFor(path)) {
      if (seen.has(name)) continue;
      seen.add(name);
      const found = record(name);
      if (found !== undefined && isMeant(found)) yield found;
    }
  }
  const owns = ({ manifest }: PackageRecord, path: string): boolean => lists(manifest, path);
  return {
    record,
    ownersOf: (path) => select(path, (each) => owns(each, path)),
    claimantsOf: (path) => select(path, (each) => owns(each, path) || each.ceded.includes(path)),
  };
}

export function uncoveredPackages(
  disk: Disk,
  layout: PrefixLayout,
  covered: readonly string[],
): string[] {
  const known = new Set(covered);
  const fresh = transactionIds(disk, layout).filter((id) => !known.has(id));
  return [...new Set(fresh.flatMap((id) => packagesOf(disk, layout, id)))];
}

/** All paths by which a package is to be found. */
export function pathsOf(record: PackageRecord | undefined): string[] {
  if (record === undefined) return [];
  return [...record.manifest.map(({ path }) => path), ...record.ceded];
}

/** A manifest is sorted by path. */
function lists(manifest: Manifest, path: string): boolean {
  const isNotBefore = (at: number): boolean => compareText(manifest[at]?.path ?? "", path) >= 0;
  return manifest[firstWhere({ to: manifest.length }, isNotBefore)]?.path === path;
}
