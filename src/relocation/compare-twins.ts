/**
 * What the files of two builds tell of the path that they were made at: one at the placeholder, whose files have maps, and
 * one at its twin. The map of a file, with the twin in it, has to give the twin's file, byte by byte. Pure.
 *
 * A build id is a hash of the file's other bytes, so it differs wherever a path does; nothing but debuggers reads it,
 * and they compare it with a copy of itself. The rows of RECORD are hashes of files that are compared themselves.
 */
import { gunzipSync } from "node:zlib";
import { type Entry, type FileEntry, type Manifest, nameOf } from "../core/index.ts";
import { attempt } from "./containers.ts";
import { readElf } from "./elf.ts";
import { type ElfSection, readSections } from "./elf-sections.ts";
import type { ReadSlice } from "./elf-words.ts";
import { nameOfSection } from "./find-in-binary.ts";
import { isText } from "./find-in-text.ts";
import { unpackStored } from "./gzip-stored.ts";
import { fromMapRow, type MapPlace, type RelocationMap } from "./map.ts";
import { type FilePin, filePinFor } from "./pins.ts";
import { placeholderBytes, twin } from "./placeholder.ts";
import { isRecordPath } from "./record-rows.ts";

export interface TwinComparison {
  readonly pins: readonly FilePin[];
  /** How many files differ in their build id. */
  readonly buildIds: number;
}

interface TwinFile {
  readonly first: Uint8Array;
  readonly second: Uint8Array;
}

/**
 * `first` and `second` are the manifests; `read` gives what both builds have at a path. With `at` "placeholder", both were
 * made there, and nothing may differ.
 */
export function compareTwins(
  { first, second }: { readonly first: Manifest; readonly second: Manifest },
  read: (path: string) => TwinFile,
  at: "twin" | "placeholder" = "twin",
): TwinComparison {
  const others = new Map(second.map((entry) => [entry.path, entry]));
  const pins: FilePin[] = [];
  let buildIds = 0;
  for (const entry of first) {
    const { path } = entry;
    const other = others.get(path);
    others.delete(path);
    const where = other === undefined ? `missing from the build at the ${at}` : describe(entry);
    if (other === undefined || !isAlike(entry, other)) {
      pins.push(filePinFor("entry", { path, where }));
    } else if (entry.type === "file" && mayDiffer(entry, other, at)) {
      const compared = compareFiles(entry, read(path), at);
      pins.push(...compared.pins);
      buildIds += compared.buildIds;
    }
  }
  for (const path of others.keys())
    pins.push(filePinFor("entry", { path, where: `only in the build at the ${at}` }));
  return { pins, buildIds };
}

function describe(entry: Entry): string {
  return entry.type === "link" ? `a link to ${entry.target}` : `a ${entry.type}`;
}

function isAlike(a: Entry, b: Entry): boolean {
  if (a.type === "link") return b.type === "link" && a.target === b.target;
  return a.type === b.type && a.mode === b.mode;
}

/** A file that names the placeholder has to be another one at the twin. */
function mayDiffer(a: FileEntry, b: Entry, at: "twin" | "placeholder"): boolean {
  if (b.type !== "file" || a.sha256 !== b.sha256) return true;
  return at === "twin" && a.relocation !== undefined;
}

function compareFiles(
  { path, sizeBytes, relocation }: FileEntry,
  { first, second }: TwinFile,
  at: "twin" | "placeholder",
): TwinComparison {
  const map = relocation && at === "twin" ? fromMapRow(relocation.map, sizeBytes) : undefined;
  const isPacked = map?.form === "gzip";
  const here = isPacked ? unpackStored(first) : first;
  const there = isPacked ? attempt(() => gunzipSync(second)) : second;
  if (here === undefined || there === undefined)
    return { pins: [filePinFor("computed", { path, where: "gzip", offset: 0 })], buildIds: 0 };
  let [expected, found] = [asAtTwin(here, map), there];
  if (isRecordPath(path)) [expected, found] = [withoutDigests(expected), withoutDigests(found)];
  const sections = sectionsOf(expected);
  const ids = sections.filter(({ name }) => idSections.has(name));
  const { isFound, blanked } = blankIds(expected, found, ids);
  const reason = at === "twin" ? "computed" : "unsteady";
  const pins = differencesOf(expected, blanked).map((offset) =>
    filePinFor(reason, { path, where: nameOfPlace(expected, sections, offset), offset }),
  );
  return { pins, buildIds: isFound ? 1 : 0 };
}

function asAtTwin(content: Uint8Array, map: RelocationMap | undefined): Uint8Array {
  const bytes = Buffer.from(content);
  for (const place of map?.places ?? []) {
    const written = bytesAtTwin(place);
    if (written === undefined || written.offset + written.bytes.length > bytes.length) continue;
    bytes.set(written.bytes, written.offset);
  }
  return bytes;
}

/** Undefined for a row of RECORD, whose digest no map can know. */
function bytesAtTwin(place: MapPlace): { bytes: Uint8Array; offset: number } | undefined {
  const { offset } = place;
  switch (place.kind) {
    case "path":
      return { offset, bytes: Buffer.from(twin) };
    case "name":
      return { offset, bytes: Buffer.from(nameOf(twin)) };
    case "piece":
      return {
        offset,
        bytes: Buffer.from(twin).subarray(place.start, place.start + place.length),
      };
    case "shebang":
      return { offset: 2 + Buffer.byteLength(place.gap), bytes: Buffer.from(twin) };
    case "row":
      return undefined;
  }
}

function withoutDigests(record: Uint8Array): Uint8Array {
  const text = Buffer.from(record).toString("latin1");
  return Buffer.from(text.replaceAll(/,sha256=[\w-]{43},\d+(?=\r?$)/gm, ",,"), "latin1");
}

/** Of GNU's and LLVM's linkers, and of Go. */
const idSections: ReadonlySet<string> = new Set([".note.gnu.build-id", ".note.go.buildid"]);

/** Gives the second file with the first one's build id. */
function blankIds(
  first: Uint8Array,
  second: Uint8Array,
  ids: readonly ElfSection[],
): { isFound: boolean; blanked: Uint8Array } {
  const blanked = Buffer.from(second);
  let isFound = false;
  for (const { offset, size } of ids) {
    const own = first.subarray(offset, offset + size);
    if (Buffer.compare(own, blanked.subarray(offset, offset + size)) === 0) continue;
    isFound = true;
    if (offset + size <= blanked.length) blanked.set(own, offset);
  }
  return { isFound, blanked };
}

const shownInFile = 5;
/** Two differences that are nearer belong together. */
const nearBytes = placeholderBytes.length;

/** Where stretches that differ begin. Of files of several lengths, the first one says it all. */
function differencesOf(first: Uint8Array, second: Uint8Array): number[] {
  if (Buffer.compare(first, second) === 0) return [];
  const offsets: number[] = [];
  const most = first.length === second.length ? shownInFile : 1;
  const common = Math.min(first.length, second.length);
  let last = -nearBytes;
  for (let at = 0; at < common && offsets.length < most; at += 1) {
    if (first[at] === second[at]) continue;
    if (at - last >= nearBytes) offsets.push(at);
    last = at;
  }
  return offsets.length === 0 ? [common] : offsets;
}

function sectionsOf(content: Uint8Array): readonly ElfSection[] {
  const read: ReadSlice = (offset, length) => content.subarray(offset, offset + length);
  const elf = readElf(read);
  return (elf && readSections(read, elf)) ?? [];
}

function nameOfPlace(content: Uint8Array, sections: readonly ElfSection[], offset: number): string {
  if (sections.length > 0) return nameOfSection(sections, offset);
  return isText(content) ? "text" : "data";
}
