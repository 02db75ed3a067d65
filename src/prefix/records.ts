/** Reading which packages a prefix holds, and who owns which path. */
import { compareText, type Entry, hasNameForm } from "../core/index.ts";
import type { Disk } from "../world/index.ts";
import type { PrefixLayout } from "./layout.ts";
import { type PackageRecord, parseRecord, parseRecordHead, type RecordHead } from "./record.ts";
import { listState, readState, recordLimitBytes } from "./state-files.ts";

/** By package name, sorted. A prefix without records is empty. */
export function readRecords(disk: Disk, layout: PrefixLayout): Map<string, PackageRecord> {
  return readEach(disk, layout, (content, file) => parseRecord(content.toString(), file));
}

/** Like `readRecords`, but does not read the lists of files. */
export function readRecordHeads(disk: Disk, layout: PrefixLayout): Map<string, RecordHead> {
  return readEach(disk, layout, parseRecordHead);
}

function readEach<Read>(
  disk: Disk,
  layout: PrefixLayout,
  parse: (content: Buffer, file: string) => Read,
): Map<string, Read> {
  const read = new Map<string, Read>();
  for (const name of installedNames(disk, layout)) {
    const file = recordFile(layout, name);
    const content = readState(disk, layout, file, recordLimitBytes);
    if (content !== undefined) read.set(name, parse(content, file));
  }
  return read;
}

export function readRecord(
  disk: Disk,
  layout: PrefixLayout,
  name: string,
): PackageRecord | undefined {
  if (!hasNameForm(name)) return undefined; // such a name could lead anywhere
  const file = recordFile(layout, name);
  const content = readState(disk, layout, file, recordLimitBytes);
  return content === undefined ? undefined : parseRecord(content.toString(), file);
}

export function recordFile(layout: PrefixLayout, name: string): string {
  return `${layout.packages}/${name}.json`;
}

/** The records in a folder of the state, sorted by name. */
export function readRecordsIn(disk: Disk, layout: PrefixLayout, folder: string): PackageRecord[] {
  return recordNamesIn(disk, layout, folder).flatMap((name) => {
    const file = `${folder}/${name}.json`;
    const content = readState(disk, layout, file, recordLimitBytes);
    return content === undefined ? [] : [parseRecord(content.toString(), file)];
  });
}

/** What a path is; a directory as the last package that lists it has it. */
export function entriesOf(records: Iterable<PackageRecord>): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  for (const { manifest } of records) for (const entry of manifest) entries.set(entry.path, entry);
  return entries;
}

export interface Owned {
  readonly owner: string;
  readonly entry: Entry;
}

/** Files and links by path; a directory belongs to all packages that list it, so it is not here. */
export function ownersOf(records: Iterable<PackageRecord>): Map<string, Owned> {
  const owners = new Map<string, Owned>();
  for (const record of records) {
    for (const entry of record.manifest) {
      if (entry.type !== "directory") owners.set(entry.path, { owner: record.name, entry });
    }
  }
  return owners;
}

/** Sorted. */
export function installedNames(disk: Disk, layout: PrefixLayout): string[] {
  return recordNamesIn(disk, layout, layout.packages);
}

function recordNamesIn(disk: Disk, layout: PrefixLayout, folder: string): string[] {
  return listState(disk, layout, folder)
    .filter((name) => name.endsWith(".json"))
    .map((name) => name.slice(0, -".json".length))
    .sort(compareText);
}
