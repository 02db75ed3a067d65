/** Bringing the ownership index up to date, once reading what it does not cover takes too long. */
import { type Disk, isDiskError, makeDirectories, type World } from "../../world/index.ts";
import { transactionIds } from "../history-entry.ts";
import type { PrefixLayout } from "../layout.ts";
import { lockModeBelow, modeBelow } from "../make-layout.ts";
import { tryLockPrefix } from "../lock.ts";
import { installedNames, readRecord, recordFile } from "../records.ts";
import { type Catalogue, readCatalogue, type TableEntry, writeCatalogue } from "./catalogue.ts";
import { pathsOf, uncoveredPackages } from "./installed.ts";
import { compareRows, keyOf, readTable, type Row, writeTable } from "./table.ts";

/** Read in about 10 ms. */
const worthBytes = 1 << 20;
/** New tables are made of so many rows; merging them needs no memory to speak of. */
const rowsInMemory = 200_000;
/** Tables are merged with the one before them unless that has so many times their rows. */
const growth = 4;

/**
 * `fromBytes` is the size of uncovered records from which on it is worth the work. May be called at
 * any time, without the prefix's lock: a package that is changed meanwhile belongs to a transaction
 * that is not covered. A second caller at the same time does nothing. The index is derived: what
 * fails here is tried again the next time.
 */
export function refreshOwnership(
  world: World,
  layout: PrefixLayout,
  fromBytes: number = worthBytes,
): void {
  const { disk } = world;
  try {
    if (sizeOf(disk, layout, changedSince(disk, layout, readCatalogue(disk, layout))) < fromBytes)
      return;
    makeDirectories(disk, layout.index, modeBelow(disk, layout.state));
    const lock = disk.tryLock(`${layout.index}/lock`, lockModeBelow(disk, layout.index));
    if (lock === undefined) return;
    try {
      update(world, layout);
    } finally {
      lock.release();
    }
  } catch (error) {
    if (!isDiskError(error)) throw error;
  }
}

/** Under the index's lock, so it looks again. */
function update(world: World, layout: PrefixLayout): void {
  const { disk } = world;
  const old = readCatalogue(disk, layout);
  const transactions = transactionIds(disk, layout);
  const newFile = (): string => `table-${world.clock.uniqueId()}`;
  const made = makeTables(disk, layout, changedSince(disk, layout, old), newFile);
  const tables = [...(old?.tables ?? []), ...made];
  mergeTables(disk, layout, tables, newFile);
  writeCatalogue(disk, layout, { transactions, tables });
  // Only transactions read tables for long, so none reads an old one while we have their lock.
  const lock = tryLockPrefix(world, layout, "refreshing the index");
  if (lock === undefined) return; // the next refresh removes them
  const used = new Set(tables.map(({ file }) => file));
  for (const { name } of disk.list(layout.index)) {
    if (name.startsWith("table-") && !used.has(name)) disk.removeFile(`${layout.index}/${name}`);
  }
  lock.release();
}

function changedSince(
  disk: Disk,
  layout: PrefixLayout,
  catalogue: Catalogue | undefined,
): readonly string[] {
  return catalogue === undefined
    ? installedNames(disk, layout)
    : uncoveredPackages(disk, layout, catalogue.transactions);
}

function sizeOf(disk: Disk, layout: PrefixLayout, names: readonly string[]): number {
  return names.reduce(
    (sum, name) => sum + (disk.status(recordFile(layout, name))?.sizeBytes ?? 0),
    0,
  );
}

function makeTables(
  disk: Disk,
  layout: PrefixLayout,
  names: readonly string[],
  newFile: () => string,
): TableEntry[] {
  const tables: TableEntry[] = [];
  let packages: string[] = [];
  let rows: Row[] = [];
  const flush = (): void => {
    if (packages.length === 0) return;
    rows.sort(compareRows);
    const file = newFile();
    tables.push({ file, ...writeTable(disk, `${layout.index}/${file}`, packages, rows) });
    [packages, rows] = [[], []];
  };
  for (const owner of names) {
    packages.push(owner);
    for (const path of pathsOf(readRecord(disk, layout, owner))) {
      rows.push({ key: keyOf(path), owner });
    }
    if (rows.length >= rowsInMemory) flush();
  }
  flush();
  return tables;
}

/** Merges the newest tables, as many as are not much smaller than the one before them; in place. */
function mergeTables(
  disk: Disk,
  layout: PrefixLayout,
  tables: TableEntry[],
  newFile: () => string,
): void {
  let from = tables.length - 1;
  let rows = tables[from]?.rows ?? 0;
  for (; from > 0 && (tables[from - 1]?.rows ?? 0) <= growth * rows; from -= 1) {
    rows += tables[from - 1]?.rows ?? 0;
  }
  if (from >= tables.length - 1) return;
  const read = tables.slice(from).map(({ file }) => readTable(disk, `${layout.index}/${file}`));
  const covered = new Set<string>();
  const sources: Iterator<Row>[] = [];
  for (const table of read.reverse()) {
    const replaced = new Set(covered);
    sources.push(without(table.rows, replaced));
    for (const name of table.packages) covered.add(name);
  }
  const file = newFile();
  const written = writeTable(disk, `${layout.index}/${file}`, [...covered], merge(sources));
  tables.splice(from, tables.length - from, { file, ...written });
}

function* without(rows: Iterable<Row>, owners: ReadonlySet<string>): Generator<Row, void> {
  for (const row of rows) if (!owners.has(row.owner)) yield row;
}

/** Of sorted lists one. */
function* merge(sources: readonly Iterator<Row>[]): Generator<Row, void> {
  const heads = sources.map((source) => source.next());
  for (;;) {
    let least = -1;
    for (const [at, head] of heads.entries()) {
      if (head.done === true) continue;
      const best = heads[least];
      if (best === undefined || compareRows(head.value, best.value) < 0) least = at;
    }
    const source = sources[least];
    const head = heads[least];
    if (source === undefined || head === undefined) return;
    yield head.value;
    heads[least] = source.next();
  }
}
