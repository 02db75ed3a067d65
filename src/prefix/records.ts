/** Reading which packages a prefix holds, and who owns which path. */
import { compareText, type Entry } from "../core/index.ts";
import { type Disk, isDiskError, readFileIfAny, readText, readTextIfAny } from "../world/index.ts";
import type { PrefixLayout } from "./layout.ts";
import { type PackageRecord, parseRecord, parseRecordHead, type RecordHead } from "./record.ts";

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
  for (const name of packageNames(disk, layout)) {
    const file = recordFile(layout, name);
    const content = readFileIfAny(disk, file);
    if (content !== undefined) read.set(name, parse(content, file));
  }
  return read;
}

export function readRecord(
  disk: Disk,
  layout: PrefixLayout,
  name: string,
): PackageRecord | undefined {
  const file = recordFile(layout, name);
  const text = readTextIfAny(disk, file);
  return text === undefined ? undefined : parseRecord(text, file);
}

export function recordFile(layout: PrefixLayout, name: string): string {
  return `${layout.packages}/${name}.json`;
}

/** The records in a folder, whatever the file's names. */
export function readRecordsIn(disk: Disk, folder: string): PackageRecord[] {
  return disk
    .list(folder)
    .filter((item) => item.name.endsWith(".json"))
    .map((item) => parseRecord(readText(disk, `${folder}/${item.name}`), `${folder}/${item.name}`));
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
export function packageNames(disk: Disk, layout: PrefixLayout): string[] {
  try {
    return disk
      .list(layout.packages)
      .filter((item) => item.name.endsWith(".json"))
      .map((item) => item.name.slice(0, -".json".length))
      .sort(compareText);
  } catch (error) {
    if (isDiskError(error, "ENOENT", "ENOTDIR")) return [];
    throw error;
  }
}
