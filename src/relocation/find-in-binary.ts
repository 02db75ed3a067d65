/**
 * Where a binary file names the placeholder. Whole, it can be any prefix that slashes make as long. In a program it may
 * be in pieces: compilers copy a constant string by constants of 8, 16 or 32 bytes, and linkers keep equal ones once.
 * Pieces are certain where each begins at the placeholder's beginning or another's end, and ends likewise. The last
 * constant of a longer string may overlap the one before it: it is certain where a constant is seen to begin.
 */
import { inflateSync } from "node:zlib";
import { attempt } from "./containers.ts";
import { type ElfFile, readElf } from "./elf.ts";
import { namesInSections } from "./elf-names.ts";
import {
  type ElfSection,
  readSections,
  sectionFlags,
  sectionWithoutContent,
} from "./elf-sections.ts";
import type { ReadSlice } from "./elf-words.ts";
import type { MapPlace } from "./map.ts";
import { type PinnedSpot, pinFor } from "./pins.ts";
import { placeholderLength } from "./placeholder.ts";
import { findRuns, type Stretch, shortestRun } from "./runs.ts";

export interface Found {
  readonly places: MapPlace[];
  readonly pins: PinnedSpot[];
}

/** Outside of programs, fewer bytes are found by chance, and no compiler has cut anything. */
const shortestInData = 8;
const mostInflated = 1 << 28;

export function findInBinary(content: Uint8Array): Found {
  const members = membersOf(content);
  if (members === undefined) return findInProgram(content) ?? findInData(content);
  const found: Found = { places: [], pins: [] };
  for (const { offset, size } of members) {
    const member = content.subarray(offset, offset + size);
    const inside = findInProgram(member) ?? findInData(member);
    found.places.push(
      ...inside.places.map((place) => ({ ...place, offset: place.offset + offset }) as MapPlace),
    );
    found.pins.push(...inside.pins.map((pin) => ({ ...pin, offset: pin.offset + offset })));
  }
  return found;
}

function findInData(content: Uint8Array): Found {
  const found: Found = { places: [], pins: [] };
  for (const run of findRuns(content, shortestInData)) {
    if (run.length === placeholderLength) found.places.push({ kind: "path", offset: run.offset });
    else found.pins.push(pinFor("part", run.offset, "data"));
  }
  return found;
}

/** Undefined for what is no ELF file. */
function findInProgram(content: Uint8Array): Found | undefined {
  const read: ReadSlice = (offset, length) => content.subarray(offset, offset + length);
  const elf = readElf(read);
  if (elf === undefined) return undefined;
  const sections = sectionsOf(read, elf);
  const isNamedIn = (bytes: Uint8Array): boolean => findRuns(bytes, shortestInData).length > 0;
  const found: Found = { places: [], pins: pinsOfPacked(content, elf, isNamedIn) };
  const runs = findRuns(content, shortestRun);
  const pieces = runs.filter(({ length }) => length < placeholderLength);
  const [starts, ends] = [new Set(pieces.map(({ start }) => start)), new Set(pieces.map(endOf))];
  const isClosed = (run: Stretch): boolean =>
    (run.start === 0 || ends.has(run.start) || beginsConstant(content, sections, run)) &&
    (endOf(run) === placeholderLength || starts.has(endOf(run)));
  // Of a chain that has a gap, no piece is certain.
  const areCertain = pieces.every(isClosed);
  for (const run of runs) {
    const { offset, start, length } = run;
    const where = nameOfSection(sections, offset);
    if (length < placeholderLength && !areCertain) found.pins.push(pinFor("piece", offset, where));
    else if (isInSymbol(read, elf, run)) found.pins.push(pinFor("symbol", offset, where));
    else if (length === placeholderLength) found.places.push({ kind: "path", offset });
    else found.places.push({ kind: "piece", offset, start, length });
  }
  return found;
}

export function sectionsOf(read: ReadSlice, elf: ElfFile): ElfSection[] {
  return (readSections(read, elf) ?? []).filter(({ type }) => type !== sectionWithoutContent);
}

function endOf({ start, length }: Stretch): number {
  return start + length;
}

/** In data, constants of 16 bytes and more are aligned to 16; in code of x86-64, one of 8 follows `movabs`. */
function beginsConstant(
  content: Uint8Array,
  sections: readonly ElfSection[],
  { offset }: Stretch,
): boolean {
  const section = sectionAt(sections, offset);
  if (section === undefined) return false;
  if ((section.flags & sectionFlags.executable) === 0) return offset % 16 === 0;
  const [prefix = 0, code = 0] = content.subarray(offset - 2, offset);
  return (prefix === 0x48 || prefix === 0x49) && code >= 0xb8 && code <= 0xbf;
}

export function nameOfSection(sections: readonly ElfSection[], offset: number): string {
  return sectionAt(sections, offset)?.name || "program";
}

export function sectionAt(sections: readonly ElfSection[], offset: number): ElfSection | undefined {
  return sections.find((each) => offset >= each.offset && offset < each.offset + each.size);
}

/** Whether the string that a run is in is the name of a symbol: the loader finds these by a hash. */
export function isInSymbol(
  read: ReadSlice,
  elf: ElfFile,
  { offset, length }: Pick<Stretch, "offset" | "length">,
): boolean {
  const { strings } = elf;
  const at = offset - strings.offset;
  if (at < 0 || at >= strings.bytes.length) return false;
  const start = strings.bytes.lastIndexOf(0, at) + 1;
  const names = namesInSections(read, elf);
  return names === undefined || names.some((name) => name >= start && name < at + length);
}

/** Whether a program has what can be looked into only by unpacking it. */
export function hasPackedSections(read: ReadSlice): boolean {
  const elf = readElf(read);
  return elf !== undefined && (readSections(read, elf) ?? []).some((each) => isPacked(each));
}

/** Debug information may be compressed; what a compiler left for link-time optimization is, in a form of its own. */
function isPacked({ name, flags }: ElfSection): boolean {
  return name.startsWith(linkTimeSections) || (flags & sectionFlags.compressed) !== 0;
}

const linkTimeSections = ".gnu.lto_.";

/** `isNamedIn` is asked of what they hold, unpacked. */
export function pinsOfPacked(
  content: Uint8Array,
  elf: ElfFile,
  isNamedIn: (bytes: Uint8Array) => boolean,
): PinnedSpot[] {
  const read: ReadSlice = (offset, length) => content.subarray(offset, offset + length);
  return sectionsOf(read, elf)
    .filter(isPacked)
    .flatMap(({ name, offset, size }) => {
      const start = offset + (elf.bits === 64 ? 24 : 12);
      const inflated = name.startsWith(linkTimeSections)
        ? undefined
        : attempt(() =>
            inflateSync(content.subarray(start, offset + size), { maxOutputLength: mostInflated }),
          );
      if (inflated === undefined) return [pinFor("closed", offset, name)];
      return isNamedIn(inflated) ? [pinFor("packed", offset, name)] : [];
    });
}

interface ObjectMember {
  readonly offset: number;
  readonly size: number;
}

/** Of an archive of object files (ar); undefined for what is none, or a damaged one. */
export function membersOf(content: Uint8Array): ObjectMember[] | undefined {
  const textAt = (at: number, length: number): string =>
    Buffer.from(content.subarray(at, at + length)).toString("latin1");
  if (textAt(0, 8) !== "!<arch>\n") return undefined;
  const members: ObjectMember[] = [];
  for (let at = 8; at < content.length;) {
    const size = /^\d+/.exec(textAt(at + 48, 10))?.[0];
    if (size === undefined || textAt(at + 58, 2) !== "`\n") return undefined;
    members.push({ offset: at + 60, size: Number(size) });
    at += 60 + Number(size) + (Number(size) % 2);
  }
  return members;
}
