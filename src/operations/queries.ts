/** What a prefix holds: `list`, `files`, `owner`, `verify`. */
import {
  compareText,
  type Entry,
  isByProduct,
  nameOf,
  nearestOf,
  summarize,
  TenonError,
} from "../core/index.ts";
import {
  type Deviation,
  findForeign,
  findStaleBytecode,
  holderOf,
  isPrefixLocked,
  isStaleBytecode,
  openInstalled,
  type PackageRecord,
  type PrefixLayout,
  readHistoryEntry,
  readRecord,
  readRecordHeads,
  readRecords,
  transactionIds,
  verifyRecords,
} from "../prefix/index.ts";
import { type Disk, exists, skipUnreadable, waitForLock, type World } from "../world/index.ts";
import type { FilePin } from "../relocation/index.ts";
import { findOutsideChanges, type OutsideChange } from "../distributions/index.ts";
import type { PublicKey } from "../signing/index.ts";
import { type Provenance, verifyProvenance } from "./verify-provenance.ts";
import { type Teller, transactionOptions } from "./transaction-events.ts";

export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
  readonly files: number;
  readonly sizeBytes: number;
  /** Absent for what no recipe built. */
  readonly buildMs?: number;
  readonly installedAtMs: number;
  readonly artifact: string;
  /** What brought it as it is: `tenon build`, `tenon install`, `tenon rollback`; absent where the history is lost. */
  readonly activity?: string;
  /** The workspaces whose builds want it, by their folders; absent for what somebody has installed. */
  readonly workspaces?: readonly string[];
  /** What keeps it from being relocated; absent where nobody has looked. */
  readonly pins?: readonly FilePin[];
  readonly license?: string;
  readonly homepage?: string;
}

/** Sorted by name. */
export function listPackages(world: World, layout: PrefixLayout): InstalledPackage[] {
  const activities = new Map<string, string | undefined>();
  const activityOf = (id: string): string | undefined => {
    if (!activities.has(id)) activities.set(id, readHistoryEntry(world.disk, layout, id)?.activity);
    return activities.get(id);
  };
  return [...readRecordHeads(world.disk, layout).values()].map((head) => {
    const { name, version, buildMs, installedAtMs, artifact, workspaces, pins, about = {} } = head;
    const { license, homepage } = about;
    const summary = head.summary ?? summarize(requireRecord(world, layout, name).manifest);
    const activity = activityOf(head.transaction);
    return {
      name,
      version,
      ...summary,
      installedAtMs,
      artifact,
      ...(buildMs === undefined ? {} : { buildMs }),
      ...(activity === undefined ? {} : { activity }),
      ...(workspaces === undefined ? {} : { workspaces }),
      ...(pins === undefined ? {} : { pins }),
      ...(license === undefined ? {} : { license }),
      ...(homepage === undefined ? {} : { homepage }),
    };
  });
}

export function listFiles(world: World, layout: PrefixLayout, name: string): readonly Entry[] {
  return requireRecord(world, layout, name).manifest;
}

export type Ownership =
  | { readonly kind: "owned"; readonly path: string; readonly owners: readonly string[] }
  /** Made from an owned file by a program; belongs to nobody (I5). */
  | { readonly kind: "by-product"; readonly path: string }
  | { readonly kind: "foreign"; readonly path: string }
  | { readonly kind: "absent"; readonly path: string };

/** `path` is relative to the prefix; a directory may have several owners. */
export function findOwner(world: World, layout: PrefixLayout, path: string): Ownership {
  const owners = [...openInstalled(world.disk, layout).ownersOf(path)]
    .map(({ name }) => name)
    .sort(compareText);
  if (owners.length > 0) return { kind: "owned", path, owners };
  if (world.disk.status(`${layout.prefix}/${path}`) === undefined) return { kind: "absent", path };
  return { kind: isByProduct(path) ? "by-product" : "foreign", path };
}

/**
 * Turns what a person typed into a path relative to the prefix: from the current folder, or from
 * the prefix; what exists is preferred. Symlinks on the way are followed, the last name is not.
 */
export function pathInPrefix(
  world: World,
  layout: PrefixLayout,
  currentDirectory: string,
  typed: string,
): string | undefined {
  const { disk } = world;
  const candidates = typed.startsWith("/")
    ? [typed]
    : [`${currentDirectory}/${typed}`, `${layout.prefix}/${typed}`];
  const inside = candidates
    .map((candidate) => realPathOfEntry(disk, candidate.replace(/\/+$/, "")))
    .filter((path) => path?.startsWith(`${layout.prefix}/`));
  const found = inside.find((path) => path !== undefined && exists(disk, path)) ?? inside[0];
  return found?.slice(layout.prefix.length + 1);
}

function realPathOfEntry(disk: Disk, path: string): string | undefined {
  const parent = path.slice(0, path.lastIndexOf("/")) || "/";
  if (disk.statusOfTarget(parent)?.type !== "directory") return undefined;
  const name = nameOf(path);
  // These are names of directories elsewhere, not of entries.
  if (name === "" || name === "." || name === "..") return disk.realPath(path || "/");
  return `${disk.realPath(parent)}/${name}`;
}

export interface Verification {
  readonly packages: number;
  readonly files: number;
  readonly findings: readonly Deviation[];
  /** Files that nobody owns; not a fault. */
  readonly foreign: readonly string[];
  /** Bytecode whose module is gone or another one; not a fault (I5). */
  readonly stale: readonly string[];
  /** What pip and others did here; what they did to a package's files is among the findings, too. */
  readonly outside: readonly OutsideChange[];
  /** Of what came from a shared cache: whether it is what was signed; absent where nothing did. */
  readonly provenance?: Provenance;
}

/**
 * Changes nothing. `keys` are those whose signatures count. All packages when `names` is empty; foreign files and stale bytecode are looked for only then.
 * Throws where there is no folder: nothing can be as recorded there.
 */
export async function verify(
  world: World,
  layout: PrefixLayout,
  names: readonly string[],
  teller: Teller & { readonly keys?: readonly PublicKey[] },
): Promise<Verification> {
  requireFolder(world, layout);
  const records =
    names.length === 0
      ? [...readRecords(world.disk, layout).values()]
      : [...new Set(names)].map((name) => requireRecord(world, layout, name));
  const skipped = new Set<string>();
  const disk = skipUnreadable(world.disk, ({ path, code }) => {
    skipped.add(`${path} cannot be read (${code}), so files that no package owns may be missed`);
  });
  const seen: Differences = {
    findings: verifyRecords(world.disk, layout, counted(records, teller)),
    stale: names.length === 0 ? findStaleBytecode(disk, layout, records) : [],
  };
  const foreign = names.length === 0 ? findForeign(disk, layout, records) : [];
  const outside = findOutsideChanges(disk, layout, records, foreign);
  for (const text of skipped) teller.emit({ kind: "note", text });
  const isClean = seen.findings.length === 0 && seen.stale.length === 0;
  const differences = isClean ? seen : await confirm(world, layout, seen, teller);
  const provenance = verifyProvenance(records, teller.keys ?? []);
  const touched = new Set(differences.findings.map((finding) => finding.package));
  return {
    packages: records.length,
    files: records.reduce((total, { manifest }) => total + summarize(manifest).files, 0),
    foreign,
    outside: outside.filter((each) => each.kind === "installed" || touched.has(each.package)),
    ...differences,
    ...(provenance === undefined ? {} : { provenance }),
  };
}

/** Whoever waits is told at each how far it is. */
function* counted(
  records: readonly PackageRecord[],
  { emit }: Pick<Teller, "emit">,
): Generator<PackageRecord> {
  for (const [done, record] of records.entries()) {
    emit({ kind: "counted", doing: "verifying packages", done, total: records.length });
    yield record;
  }
}

function requireFolder({ disk }: World, { prefix }: PrefixLayout): void {
  if (disk.statusOfTarget(prefix)?.type === "directory") return;
  throw new TenonError({
    kind: "usage",
    code: "NO_PREFIX",
    message: exists(disk, prefix) ? `${prefix} is not a folder` : `there is no folder ${prefix}`,
    hints: [
      "Name the prefix with --prefix DIR; the prefix of a workspace is made by its first `tenon build`.",
    ],
  });
}

type Differences = Pick<Verification, "findings" | "stale">;

/** A holder whose lock may not be looked at is taken for dead after this time. */
const unknownMs = 2000;

/**
 * Looks again while nobody changes the prefix: a transaction that was under way at the first look
 * makes differences that are none. Takes no lock, for it may be another person's prefix, or on a
 * file system that is read-only; so the look counts if no transaction was open, or made, meanwhile.
 */
function confirm(
  world: World,
  layout: PrefixLayout,
  seen: Differences,
  teller: Teller,
): Promise<Differences> {
  const { disk, clock } = world;
  const startedMs = clock.monotonicMs();
  const look = (): Differences | undefined => {
    const before = transactionsSeen(world, layout);
    const isOpen = exists(disk, layout.journal);
    const isLocked = isOpen ? isPrefixLocked(disk, layout) : false;
    if (isLocked ?? clock.monotonicMs() - startedMs < unknownMs) return undefined;
    const names = [...new Set(seen.findings.map((finding) => finding.package))];
    const records = names.flatMap((name) => readRecord(disk, layout, name) ?? []);
    const findings = verifyRecords(disk, layout, records);
    const stale = seen.stale.filter((path) => isStaleBytecode(disk, layout.prefix, path));
    const isUnchanged = exists(disk, layout.journal) === isOpen;
    return isUnchanged && transactionsSeen(world, layout) === before
      ? { findings, stale }
      : undefined;
  };
  const wanted = {
    take: look,
    holder: () => holderOf(world, layout),
    doing: `changing ${layout.prefix}`,
  };
  return waitForLock(clock, wanted, transactionOptions(teller));
}

/** The folder changes with the journal, also of a transaction that was taken back. */
function transactionsSeen({ disk }: World, layout: PrefixLayout): string {
  return `${transactionIds(disk, layout).length} ${disk.status(layout.state)?.changedMs}`;
}

export function requireRecord(world: World, layout: PrefixLayout, name: string): PackageRecord {
  const record = readRecord(world.disk, layout, name);
  if (record !== undefined) return record;
  throw new TenonError({
    kind: "usage",
    code: "NOT_INSTALLED",
    message: `${name} is not installed in ${layout.prefix}`,
    hints: nearestOf(name, [...readRecords(world.disk, layout).keys()]),
  });
}
