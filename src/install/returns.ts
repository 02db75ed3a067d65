/** What a package ceded goes back to it when the one that took it over leaves, or brings it no more. */
import { compareText, type Entry, type Manifest, sameEntry } from "../core/index.ts";
import type { PackageRecord, PrefixLayout } from "../prefix/index.ts";
import { type Disk, makeDirectories, removeTree } from "../world/index.ts";
import { type Claim, heirOf } from "./claims.ts";
import { findContent } from "./find-content.ts";
import { readHistory } from "./history.ts";
import { displacedTrees, type Workplace, workplaceOf } from "./workplace.ts";

/** By package. */
export type Returns = ReadonlyMap<string, Return>;

/** What a package has again. */
interface Return {
  readonly entries: Manifest;
  /** Those whose content is to be had, with where it is; undefined for what needs none. */
  readonly places: ReadonlyMap<Entry, string | undefined>;
}

/**
 * Of several that ceded one path, the one has it that would have it if all came together. `isFree`
 * says whether a path has no owner any more. A path whose content is nowhere goes back, too: it is
 * then missing, and `verify` says so.
 */
export function findReturns(
  others: readonly PackageRecord[],
  isFree: (path: string) => boolean,
  locate: (record: PackageRecord, entry: Entry) => string | undefined | false,
): Returns {
  const claims = new Map<string, Claim[]>();
  const byName = [...others].sort((a, b) => compareText(a.name, b.name));
  for (const { name, cededEntries = [], takesOver } of byName) {
    for (const entry of cededEntries) {
      if (!isFree(entry.path)) continue;
      const claim = { owner: name, entry, mayTakeOver: takesOver.includes(entry.path) };
      claims.set(entry.path, [...(claims.get(entry.path) ?? []), claim]);
    }
  }
  const returns = new Map<string, { entries: Entry[]; places: Map<Entry, string | undefined> }>();
  const nothing = () => ({ entries: [] as Entry[], places: new Map<Entry, string | undefined>() });
  for (const rivals of claims.values()) {
    const heir = heirOf(rivals) ?? rivals[0];
    for (const { owner, entry } of rivals) {
      const record = others.find(({ name }) => name === owner);
      if (record === undefined || heir === undefined || !sameEntry(entry, heir.entry)) continue;
      const mine = returns.get(owner) ?? nothing();
      returns.set(owner, mine);
      mine.entries.push(entry);
      const place = locate(record, entry);
      if (place !== false) mine.places.set(entry, place);
    }
  }
  return returns;
}

/** Looks among what all transactions displaced, and in the store; false when it is nowhere. */
export function contentFinder(
  disk: Disk,
  layout: PrefixLayout,
  treesOf: ((artifact: string) => readonly string[]) | undefined,
): (record: PackageRecord, entry: Entry) => string | undefined | false {
  let workplaces: readonly Workplace[] | undefined;
  return ({ name, artifact }, entry) => {
    if (entry.type !== "file") return undefined;
    workplaces ??= readHistory(disk, layout).map(({ id }) => workplaceOf(layout, id));
    const kept = workplaces.flatMap((each) => [`${each.ceded}/${name}`, ...displacedTrees(each)]);
    const stored = treesOf?.(artifact) ?? [];
    return findContent(disk, [...kept, ...stored], entry) ?? false;
  };
}

/** Brings a copy of each to where its step takes it from. May be repeated. */
export function bringReturns(disk: Disk, { incoming }: Workplace, returns: Returns): void {
  for (const { places } of returns.values()) {
    for (const [entry, place] of places) {
      const to = `${incoming}/${entry.path}`;
      makeDirectories(disk, to.slice(0, to.lastIndexOf("/")));
      removeTree(disk, to);
      if (entry.type === "link") disk.makeLink(to, entry.target);
      else if (place !== undefined) disk.copyFile(place, to);
    }
  }
}

export function describeReturns(returns: Returns): string[] {
  return [...returns].flatMap(([name, { entries, places }]) =>
    entries.map((entry) =>
      places.has(entry)
        ? `${entry.path} is ${name}'s again, as it was before ${name} ceded it`
        : `${entry.path} is ${name}'s again, but its content is nowhere on this machine: install ${name} again`,
    ),
  );
}
