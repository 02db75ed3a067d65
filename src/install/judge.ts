/** What a transaction would do to the prefix as it is now, or the conflicts that forbid it (I3). */
import { ancestorsOf, type Entry, type Manifest } from "../core/index.ts";
import { holdsForeign, type PackageRecord, readRecords } from "../prefix/index.ts";
import type { World } from "../world/index.ts";
import type { Change, Conflict } from "./change.ts";
import { type Claims, resolveClaims } from "./claims.ts";
import { decide, type Decision } from "./decide.ts";
import { type EntryTree, makeEntryTree } from "./entry-tree.ts";
import type { PlacedPackage } from "./linked-directories.ts";
import type { Workplace } from "./workplace.ts";

export interface Judged {
  readonly installed: ReadonlyMap<string, PackageRecord>;
  readonly claims: Claims;
  readonly decision: Decision;
  readonly conflicts: readonly Conflict[];
  readonly nothingToDo: boolean;
  readonly notes: readonly string[];
}

/** Reads; changes nothing. */
export function judge(
  world: World,
  { layout }: Workplace,
  packages: readonly PlacedPackage[],
  change: Change,
): Judged {
  const { disk } = world;
  const installed = readRecords(disk, layout);
  const leaving = new Set([...change.remove, ...packages.map(({ incoming }) => incoming.name)]);
  const others = [...installed.values()].filter(({ name }) => !leaving.has(name));
  const claims = resolveClaims(
    packages.map(({ incoming, manifest }) => ({ ...incoming, manifest })),
    others,
  );
  const incoming = makeEntryTree(claims.granted.values());
  const outgoing = makeEntryTree([
    ...[...leaving].map((name) => installed.get(name)?.manifest ?? []),
    ...others.map((record) => cededBy(record, claims)),
  ]);
  const damaged = new Set(
    [...(change.repair ?? [])].flatMap((path) => [...ancestorsOf(path), path]),
  );
  const decision = decide({
    incoming,
    outgoing,
    isDamaged: (path) => damaged.has(path),
    isOthers: (path) => claims.others.has(path),
    look: (path) => disk.status(`${layout.prefix}/${path}`),
    holdsForeign: (directory) => holdsForeign(disk, layout.prefix, directory, outgoing.get),
  });
  return {
    installed,
    claims,
    decision,
    conflicts: claims.conflicts.length > 0 ? claims.conflicts : foreignConflicts(decision, claims),
    nothingToDo: change.add.length === 0 && !change.remove.some((name) => installed.has(name)),
    notes: others.flatMap((record) => missedBy(record, incoming, outgoing)),
  };
}

function cededBy({ name, manifest }: PackageRecord, claims: Claims): Manifest {
  const lost = new Set(claims.ceded.get(name));
  return lost.size === 0 ? [] : manifest.filter(({ path }) => lost.has(path));
}

/** What another package took over, and does not have any more, is not there again by itself. */
function missedBy(record: PackageRecord, incoming: EntryTree, outgoing: EntryTree): string[] {
  return record.ceded
    .filter((path) => outgoing.get(path) !== undefined && incoming.get(path) === undefined)
    .map((path) => `${path}, which ${record.name} had ceded, leaves: install ${record.name} again`);
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
