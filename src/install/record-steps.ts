/** The records and the history entry of a transaction, as steps like all others. */
import { compareText } from "../core/index.ts";
import {
  type Installed,
  listState,
  type PackageRecord,
  recordFile,
  renderRecord,
  statePath,
} from "../prefix/index.ts";
import { makeDirectories, removeTree, type World } from "../world/index.ts";
import type { Change, TransactionOptions } from "./change.ts";
import type { Claims } from "./claims.ts";
import type { Step } from "./decide.ts";
import type { Ground } from "./ground.ts";
import type { PlacedPackage } from "./linked-directories.ts";
import type { Workplace } from "./workplace.ts";

export interface Agreement {
  readonly workplace: Workplace;
  readonly packages: readonly PlacedPackage[];
  readonly change: Change;
  readonly options: TransactionOptions;
  readonly installed: Installed;
  readonly claims: Claims;
  readonly ground: Ground;
}

/**
 * Brings the new records to our side of the prefix and gives the steps that put them in place. What
 * an earlier attempt has brought is replaced.
 */
export function stageRecords(world: World, agreement: Agreement): Step[] {
  const { workplace, installed } = agreement;
  const { disk } = world;
  const folder = workplace.records;
  for (const stale of [folder, workplace.before]) removeTree(disk, stale);
  makeDirectories(disk, `${folder}/packages`);
  makeDirectories(disk, `${folder}/history`);
  makeDirectories(disk, workplace.before);

  const steps: Step[] = [];
  const records = newRecords(world, agreement);
  for (const record of records) {
    disk.createFile(`${folder}/packages/${record.name}.json`, renderRecord(record));
    const replacing = agreement.ground.canExchange ? "exchange" : "replace";
    const kind = installed.record(record.name) === undefined ? "graft" : replacing;
    steps.push({ kind, path: `${statePath}/packages/${record.name}.json` });
  }
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

/** The entry of the history has a number, so it waits for the lock. */
export function stageHistory(world: World, agreement: Agreement): Step {
  const { records, id } = agreement.workplace;
  const file = `${records}/history/${id}.json`;
  removeTree(world.disk, file);
  world.disk.createFile(file, historyText(world, agreement));
  return { kind: "graft", path: `${statePath}/history/${id}.json` };
}

/** Of the packages that come in, and of those that cede a path to them; sorted by name. */
function newRecords(world: World, agreement: Agreement): PackageRecord[] {
  const { workplace, packages, installed, claims } = agreement;
  const incoming = packages.map(({ incoming: each }): PackageRecord => ({
    name: each.name,
    version: each.version,
    artifact: each.artifact,
    ...(each.key === undefined ? {} : { key: each.key }),
    depends: each.depends,
    takesOver: each.takesOver,
    ceded: [...(each.ceded ?? []), ...(claims.ceded.get(each.name) ?? [])].sort(compareText),
    ...(each.buildMs === undefined ? {} : { buildMs: each.buildMs }),
    installedAtMs: world.clock.now(),
    transaction: workplace.id,
    manifest: claims.granted.get(each.name) ?? [],
  }));
  const names = new Set(incoming.map(({ name }) => name));
  const ceding = [...claims.ceded].flatMap(([name, paths]): PackageRecord[] => {
    const record = installed.record(name);
    if (record === undefined || names.has(name)) return [];
    const lost = new Set(paths);
    const manifest = record.manifest.filter(({ path }) => !lost.has(path));
    return [{ ...record, ceded: [...record.ceded, ...paths].sort(compareText), manifest }];
  });
  return [...incoming, ...ceding].sort((a, b) => compareText(a.name, b.name));
}

function historyText(world: World, agreement: Agreement): string {
  const { workplace, packages, change, installed, options } = agreement;
  const versionOf = (name: string): string | null => installed.record(name)?.version ?? null;
  const changes = [
    ...packages.map(({ incoming: { name, version } }) => ({
      package: name,
      from: versionOf(name),
      to: version,
      ...(change.adopt === true ? { adopted: true } : {}),
    })),
    ...change.remove
      .filter((name) => installed.record(name) !== undefined)
      .map((name) => ({ package: name, from: versionOf(name), to: null })),
  ];
  const entry = {
    format: 1,
    id: workplace.id,
    // Clocks go backwards; the number of entries does not.
    sequence: listState(world.disk, workplace.layout, workplace.layout.history).length + 1,
    activity: options.activity,
    atMs: world.clock.now(),
    changes: changes.sort((a, b) => compareText(a.package, b.package)),
  };
  return `${JSON.stringify(entry, null, 2)}\n`;
}
