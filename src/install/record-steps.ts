/** The records and the history entry of a transaction, as steps like all others. */
import { compareText, type Manifest } from "../core/index.ts";
import {
  type InstalledPackages,
  listState,
  type PackageRecord,
  type RecordedChange,
  recordFile,
  renderRecord,
  statePath,
} from "../prefix/index.ts";
import { type Disk, makeDirectories, removeTree, type World } from "../world/index.ts";
import { carriedOf } from "./carried.ts";
import type { Change, TransactionOptions } from "./change.ts";
import type { Claims } from "./claims.ts";
import type { EntryStep } from "./decide.ts";
import type { Ground } from "./ground.ts";
import type { PlacedPackage } from "./linked-directories.ts";
import type { Returns } from "./returns.ts";
import type { Workplace } from "./workplace.ts";

interface Agreement {
  readonly workplace: Workplace;
  readonly packages: readonly PlacedPackage[];
  readonly change: Change;
  readonly options: TransactionOptions;
  readonly installed: InstalledPackages;
  readonly claims: Claims;
  readonly ground: Ground;
  readonly returns: Returns;
  readonly found: ReadonlySet<string>;
  readonly foreign: Manifest;
}

/**
 * Brings the new records to our side of the prefix and gives the steps that put them in place. What
 * an earlier attempt has brought is replaced.
 */
export function stageRecords(world: World, agreement: Agreement): EntryStep[] {
  const { workplace, installed } = agreement;
  const { disk } = world;
  const folder = workplace.records;
  for (const stale of [folder, workplace.before, workplace.foreign]) removeTree(disk, stale);
  makeDirectories(disk, `${folder}/packages`);
  makeDirectories(disk, `${folder}/history`);
  makeDirectories(disk, workplace.before);

  const steps: EntryStep[] = [];
  const records = newRecords(world, agreement);
  for (const record of records) {
    disk.createFile(`${folder}/packages/${record.name}.json`, renderRecord(record));
    const replacing = agreement.ground.canExchange ? "exchange" : "replace";
    const kind = installed.record(record.name) === undefined ? "graft" : replacing;
    steps.push({ kind, path: `${statePath}/packages/${record.name}.json` });
  }
  noteForeign(disk, agreement, records);
  const removed = agreement.change.remove.filter((name) => installed.record(name) !== undefined);
  for (const name of removed) {
    steps.push({ kind: "retire", path: `${statePath}/packages/${name}.json` });
  }
  for (const name of [...records.map(({ name }) => name), ...removed]) {
    if (installed.record(name) === undefined) continue;
    disk.copyFile(recordFile(workplace.layout, name), `${workplace.before}/${name}.json`);
  }
  return steps;
}

/**
 * What was nobody's is compared with what takes its place, once that is there: by a record as if it had
 * come at the beginning of time, so that each content is read.
 */
function noteForeign(
  disk: Disk,
  { workplace, foreign }: Agreement,
  records: readonly PackageRecord[],
): void {
  if (foreign.length === 0) return;
  makeDirectories(disk, workplace.foreign);
  const paths = new Set(foreign.map(({ path }) => path));
  for (const record of records) {
    const manifest = record.manifest.filter(({ path }) => paths.has(path));
    if (manifest.length === 0) continue;
    const file = `${workplace.foreign}/${record.name}.json`;
    disk.createFile(file, renderRecord({ ...record, installedAtMs: 0, manifest }));
  }
}

/** The entry of the history has a number, so it waits for the lock. */
export function stageHistory(world: World, agreement: Agreement): EntryStep {
  const { records, id } = agreement.workplace;
  const file = `${records}/history/${id}.json`;
  removeTree(world.disk, file);
  world.disk.createFile(file, historyText(world, agreement));
  return { kind: "graft", path: `${statePath}/history/${id}.json` };
}

/**
 * Of the packages that come in, of those that cede a path to them or get one back, and of those that
 * are wanted by others than before; by name.
 */
function newRecords(world: World, agreement: Agreement): PackageRecord[] {
  const { packages, claims, returns, installed, change } = agreement;
  const { wanted = [], unwanted = [] } = change.wishes ?? {};
  const incoming = packages.map((each) => newRecord(world, agreement, each));
  const names = new Set([...incoming.map(({ name }) => name), ...change.remove]);
  const touched = new Set([...claims.ceded.keys(), ...returns.keys(), ...wanted, ...unwanted]);
  const changed = [...touched].flatMap((name) => {
    const record = installed.record(name);
    return record === undefined || names.has(name) ? [] : [changedRecord(record, agreement)];
  });
  return [...incoming, ...changed].sort((a, b) => compareText(a.name, b.name));
}

function newRecord(
  world: World,
  { workplace, claims, change, found, installed }: Agreement,
  { incoming, manifest }: PlacedPackage,
): PackageRecord {
  const { name, pins, buildMs, provenance } = incoming;
  const workspaces = change.wishes
    ? withWorkspace(installed.record(name)?.workspaces, change.wishes.workspace)
    : incoming.workspaces;
  const record: PackageRecord = {
    ...carriedOf(incoming),
    ...(pins === undefined ? {} : { pins }),
    ...(workspaces === undefined ? {} : { workspaces }),
    ...(buildMs === undefined ? {} : { buildMs }),
    ...(provenance === undefined ? {} : { provenance }),
    installedAtMs: world.clock.now(),
    transaction: workplace.id,
    // Of what is adopted, nobody knows what was there before.
    ...(change.adopt === true ? {} : { found: foundOf(manifest, found) }),
    manifest,
  };
  return cede(record, claims.ceded.get(name));
}

function withWorkspace(before: readonly string[] = [], workspace: string): string[] {
  return [...new Set([...before, workspace])].sort(compareText);
}

function foundOf(manifest: Manifest, found: ReadonlySet<string>): string[] {
  return manifest.flatMap(({ type, path }) =>
    type === "directory" && found.has(path) ? [path] : [],
  );
}

function changedRecord(
  record: PackageRecord,
  { claims, returns, change }: Agreement,
): PackageRecord {
  const { entries } = returns.get(record.name) ?? { entries: [] };
  const back = new Set(entries.map(({ path }) => path));
  const withReturns: PackageRecord = {
    ...record,
    ...wantedBy(record, change),
    ceded: record.ceded.filter((path) => !back.has(path)),
    cededEntries: (record.cededEntries ?? []).filter(({ path }) => !back.has(path)),
    manifest: [...record.manifest, ...entries].sort((a, b) => compareText(a.path, b.path)),
  };
  return cede(withReturns, claims.ceded.get(record.name));
}

function wantedBy(
  { name, workspaces = [] }: PackageRecord,
  { wishes }: Change,
): Pick<PackageRecord, "workspaces"> {
  if (wishes?.wanted.includes(name)) {
    return { workspaces: withWorkspace(workspaces, wishes.workspace) };
  }
  if (!wishes?.unwanted.includes(name)) return {};
  return { workspaces: workspaces.filter((other) => other !== wishes.workspace) };
}

/** What a package cedes is described in its record, so that it can have it back. */
function cede(record: PackageRecord, paths: readonly string[] | undefined): PackageRecord {
  if (paths === undefined) return record;
  const lost = new Set(paths);
  const entries = record.manifest.filter(({ path }) => lost.has(path));
  return {
    ...record,
    ceded: [...record.ceded, ...paths].sort(compareText),
    cededEntries: [...(record.cededEntries ?? []), ...entries].sort((a, b) =>
      compareText(a.path, b.path),
    ),
    manifest: record.manifest.filter(({ path }) => !lost.has(path)),
  };
}

function historyText(world: World, agreement: Agreement): string {
  const { workplace, packages, change, installed, options, foreign } = agreement;
  const taken = new Set(foreign.map(({ path }) => path));
  const isAdopted = ({ incoming: { name }, manifest }: PlacedPackage): boolean =>
    change.adopt === true ||
    (installed.record(name) === undefined && manifest.some(({ path }) => taken.has(path)));
  const changeOf = (name: string, to: string | null): RecordedChange => {
    const { version = null, key } = installed.record(name) ?? {};
    const change = { package: name, from: version, to };
    return key === undefined ? change : { ...change, fromKey: key };
  };
  const changes = [
    ...packages.map((each) => ({
      ...changeOf(each.incoming.name, each.incoming.version),
      ...(isAdopted(each) ? { adopted: true } : {}),
    })),
    ...change.remove
      .filter((name) => installed.record(name) !== undefined)
      .map((name) => changeOf(name, null)),
  ];
  const entry = {
    format: 1,
    id: workplace.id,
    // Clocks go backwards; the number of entries does not.
    sequence: listState(world.disk, workplace.layout, workplace.layout.history).length + 1,
    activity: options.activity,
    atMs: world.clock.now(),
    ...(change.undoes === undefined ? {} : { undoes: change.undoes }),
    changes: changes.sort((a, b) => compareText(a.package, b.package)),
  };
  return `${JSON.stringify(entry, null, 2)}\n`;
}
