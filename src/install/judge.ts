/** What a transaction would do to the prefix as it is now, or the conflicts that forbid it (I3). */
import {
  ancestorsOf,
  compareText,
  type Entry,
  isWithin,
  type Manifest,
  parentOf,
} from "../core/index.ts";
import {
  holdsForeign,
  type InstalledPackages,
  openInstalled,
  foundBefore,
  type PackageRecord,
  statePath,
} from "../prefix/index.ts";
import type { Disk, World } from "../world/index.ts";
import type { Change, Conflict, TransactionOptions } from "./change.ts";
import { type Claims, resolveClaims } from "./claims.ts";
import { decide, type Decision, type Situation } from "./decide.ts";
import { describeModes } from "./differing-modes.ts";
import { type EntryTree, isHollow, makeEntryTree } from "./entry-tree.ts";
import { foreignAt } from "./foreign-files.ts";
import type { Ground } from "./ground.ts";
import type { PlacedPackage } from "./linked-directories.ts";
import { refuseMountPoints } from "./mount-points.ts";
import { contentFinder, describeReturns, findReturns, type Returns } from "./returns.ts";
import type { Workplace } from "./workplace.ts";

export interface Judged {
  readonly installed: InstalledPackages;
  readonly claims: Claims;
  readonly decision: Decision;
  readonly conflicts: readonly Conflict[];
  readonly nothingToDo: boolean;
  readonly notes: readonly string[];
  /** What packages outside of the transaction get back. */
  readonly returns: Returns;
  /** Directories that were there before any package, as far as the transaction may touch them. */
  readonly found: ReadonlySet<string>;
  /** What was nobody's and becomes a package's that comes in. */
  readonly foreign: Manifest;
}

interface Request {
  readonly workplace: Workplace;
  readonly packages: readonly PlacedPackage[];
  readonly change: Change;
  readonly options: Pick<TransactionOptions, "treesOf">;
  readonly ground: Ground;
}

/** Reads; changes nothing. */
export function judge(world: World, request: Request): Judged {
  const { packages, change, options } = request;
  const { layout } = request.workplace;
  const { disk } = world;
  const installed = openInstalled(disk, layout);
  const leaving = new Set([...change.remove, ...packages.map(({ incoming }) => incoming.name)]);
  const leavingRecords = [...leaving].flatMap((name) => installed.record(name) ?? []);
  const replaced = leavingRecords.map(({ manifest }) => manifest);
  if (change.adopt === true) replaced.push(...packages.map(({ manifest }) => manifest));
  const foreign = change.takeForeign === true ? foreignAt(disk, layout, installed, packages) : [];
  replaced.push(foreign);
  const others = findOthers(installed, leaving, [
    ...packages.map(({ manifest }) => manifest),
    ...replaced,
  ]);
  const claims = resolveClaims(
    packages.map(({ incoming, manifest }) => ({ ...incoming, manifest })),
    others,
  );
  const ceded = others.map((record) => cededBy(record, claims));
  const cededPaths = new Set(ceded.flatMap((entries) => entries.map(({ path }) => path)));
  const outgoing = makeEntryTree([...replaced, ...ceded]);
  const granted = makeEntryTree(claims.granted.values());
  const hasOther = (path: string): boolean =>
    !cededPaths.has(path) && isOwnedByOthers(installed, leaving, path);
  const isFree = (path: string): boolean =>
    outgoing.get(path) !== undefined && granted.get(path) === undefined && !hasOther(path);
  const returns = findReturns(others, isFree, contentFinder(disk, layout, options.treesOf));
  const incoming =
    returns.size === 0
      ? granted
      : makeEntryTree([...claims.granted.values(), ...returnedEntries(returns)]);
  const found = new Set([...leavingRecords, ...others].flatMap(foundBefore));
  const mountPoints = disk.mountPointsBelow(layout.prefix);
  const trees = { incoming, outgoing, hasOther, found, mountPoints };
  const decision = decide(situationOf(disk, request, trees));
  const conflicts =
    claims.conflicts.length > 0 ? claims.conflicts : foreignConflicts(decision, claims);
  if (conflicts.length === 0) refuseMountPoints(layout, decision, mountPoints);
  return {
    installed,
    claims,
    decision,
    conflicts,
    nothingToDo: changesNothing(change, installed),
    notes: [
      ...describeReturns(returns),
      ...describeModes(decision, claims, (path) => found.has(path) || stateOwned.has(path)),
      ...others.flatMap((record) => missedBy(record, isFree)),
    ],
    returns,
    found: new Set([...found, ...decision.found]),
    foreign,
  };
}

function changesNothing({ add, remove, wishes }: Change, installed: InstalledPackages): boolean {
  const named = [...remove, ...(wishes?.wanted ?? []), ...(wishes?.unwanted ?? [])];
  return add.length === 0 && named.every((name) => installed.record(name) === undefined);
}

interface Trees {
  readonly incoming: EntryTree;
  readonly outgoing: EntryTree;
  readonly hasOther: (path: string) => boolean;
  readonly found: ReadonlySet<string>;
  readonly mountPoints: readonly string[];
}

function situationOf(
  disk: Disk,
  { workplace, change, ground }: Request,
  { incoming, outgoing, hasOther, found, mountPoints }: Trees,
): Situation {
  const { prefix } = workplace.layout;
  const kept = withAncestors(found);
  const only = change.adopt === true ? [] : change.repair;
  const brought = only === undefined ? undefined : withAncestors(only);
  const damaged = withAncestors([...(change.repair ?? []), ...(change.gone ?? [])]);
  return {
    incoming,
    outgoing,
    isDamaged: (path) => damaged.has(path),
    isBrought: (path) => brought === undefined || brought.has(path),
    isOthers: (path) => stateOwned.has(path) || hasOther(path),
    look: (path) => disk.status(`${prefix}/${path}`),
    canExchange: ground.canExchange,
    isFixed: (directory) =>
      !ground.movesDirectories ||
      (!ground.keepsInodes && isHollow(incoming, directory)) ||
      disk.isFixed(`${prefix}/${directory}`, workplace.root),
    list: (directory) => disk.list(`${prefix}/${directory}`),
    isKept: (directory) =>
      kept.has(directory) ||
      mountPoints.some((path) => isWithin(path, directory)) ||
      holdsForeign(disk, prefix, directory, outgoing.get),
  };
}

function withAncestors(paths: Iterable<string>): Set<string> {
  return new Set([...paths].flatMap((path) => [...ancestorsOf(path), path]));
}

/** tenon's own folder is never given away, and what leads to it is shared with it. */
const stateOwned: ReadonlySet<string> = new Set([...ancestorsOf(statePath), statePath]);

/**
 * The packages outside of the transaction that claim a path of it. What lies in a directory that
 * none of them lists, none of them lists either, so the cost follows the contact points.
 */
function findOthers(
  installed: InstalledPackages,
  leaving: ReadonlySet<string>,
  manifests: readonly Manifest[],
): PackageRecord[] {
  const others = new Map<string, PackageRecord>();
  const shared = new Set([""]);
  const looked = new Set<string>();
  for (const manifest of manifests) {
    for (const { type, path } of manifest) {
      if (!shared.has(parentOf(path)) || looked.has(`${type} ${path}`)) continue;
      looked.add(`${type} ${path}`);
      for (const record of installed.claimantsOf(path)) {
        if (leaving.has(record.name)) continue;
        others.set(record.name, record);
        if (type !== "directory" || record.ceded.includes(path)) continue;
        shared.add(path);
        break;
      }
    }
  }
  return [...others.values()];
}

function isOwnedByOthers(
  installed: InstalledPackages,
  leaving: ReadonlySet<string>,
  path: string,
): boolean {
  for (const { name } of installed.ownersOf(path)) if (!leaving.has(name)) return true;
  return false;
}

function cededBy({ name, manifest }: PackageRecord, claims: Claims): Manifest {
  const lost = new Set(claims.ceded.get(name));
  return lost.size === 0 ? [] : manifest.filter(({ path }) => lost.has(path));
}

/** What an earlier tenon had a package cede is not described, so it does not come back by itself. */
function missedBy(record: PackageRecord, isFree: (path: string) => boolean): string[] {
  const described = new Set(record.cededEntries?.map(({ path }) => path));
  return record.ceded
    .filter((path) => !described.has(path) && isFree(path))
    .map((path) => `${path}, which ${record.name} had ceded, leaves: install ${record.name} again`);
}

/** As far as their content is to be had. */
function returnedEntries(returns: Returns): Manifest[] {
  return [...returns.values()].map(({ places }) =>
    [...places.keys()].sort((a, b) => compareText(a.path, b.path)),
  );
}

function foreignConflicts({ blocked }: Decision, claims: Claims): Conflict[] {
  if (blocked.length === 0) return [];
  const wanted = new Set(blocked);
  const claimants = new Map<string, string>();
  const claim = (name: string, { path }: Entry): void => {
    if (wanted.has(path) && !claimants.has(path)) claimants.set(path, name);
  };
  for (const [name, manifest] of claims.granted) for (const entry of manifest) claim(name, entry);
  return blocked.map((path) => ({ kind: "foreign", path, package: claimants.get(path) ?? "" }));
}
