/**
 * What the dynamic loader reads of an ELF file: which libraries it needs, and where it looks for them.
 *
 * Source of the format: the System V ABI, chapters 4 and 5, and elf(5). Everything in a file is taken
 * for hostile: each offset and count is checked against what can be read, and what does not fit makes
 * the file none that can be read.
 */
import { half, long, type ReadSlice, readWhole, word, type Words } from "./elf-words.ts";

export interface ElfFile extends Words {
  /** `e_type`: 2 is a program at a fixed address, 3 a library or a program. */
  readonly type: number;
  /** `e_machine`. */
  readonly machine: number;
  readonly segments: readonly ElfSegment[];
  /** In order, up to the end mark; none in a static program. */
  readonly dynamic: readonly ElfDynamicEntry[];
  /** The dynamic string table, and where in the file it begins; empty where there is none. */
  readonly strings: { readonly offset: number; readonly bytes: Uint8Array };
  /** The text at an offset of the dynamic string table; undefined where there is none. */
  readonly text: (offset: number) => string | undefined;
}

/** A program header. */
interface ElfSegment {
  readonly type: number;
  readonly offset: number;
  readonly address: number;
  readonly sizeInFile: number;
}

interface ElfDynamicEntry {
  readonly tag: number;
  readonly value: number;
}

const [segmentLoad, segmentDynamic] = [1, 2];
export const elfTags = {
  needed: 1,
  stringTable: 5,
  symbolTable: 6,
  stringBytes: 10,
  rpath: 15,
  runpath: 29,
  versionsNeeded: 0x6ffffffe,
  versionsDefined: 0x6ffffffc,
};
/** A program has it: the path of its loader. */
export const segmentInterpreter = 3;

const headerBytes = 64;
/** More than any program has; else a file of a few bytes could ask for much memory. */
const mostSegments = 512;
const mostDynamicBytes = 1 << 20;
const mostStringBytes = 1 << 24;
const mostTextBytes = 4096;

/** Undefined for what is no ELF file, or a damaged one. */
export function readElf(read: ReadSlice): ElfFile | undefined {
  const head = read(0, headerBytes);
  if (head.length < 52 || !isMagic(head)) return undefined;
  const bits = head[4] === 1 ? 32 : head[4] === 2 ? 64 : undefined;
  const isLittleEndian = head[5] === 1;
  if (bits === undefined || (!isLittleEndian && head[5] !== 2)) return undefined;
  if (bits === 64 && head.length < headerBytes) return undefined;
  const words: Words = { bits, isLittleEndian };
  const segments = readSegments(read, head, words);
  if (segments === undefined) return undefined;
  const dynamic = readDynamic(read, segments, words);
  if (dynamic === undefined) return undefined;
  const strings = readStrings(read, segments, dynamic);
  return {
    ...words,
    type: half(head, 16, words),
    machine: half(head, 18, words),
    segments,
    dynamic,
    strings,
    text: (offset) => textAt(strings.bytes, offset),
  };
}

function isMagic(head: Uint8Array): boolean {
  return head[0] === 0x7f && head[1] === 0x45 && head[2] === 0x4c && head[3] === 0x46;
}

function readSegments(read: ReadSlice, head: Uint8Array, words: Words): ElfSegment[] | undefined {
  const isLong = words.bits === 64;
  const offset = word(head, isLong ? 32 : 28, words);
  const entryBytes = half(head, isLong ? 54 : 42, words);
  const count = half(head, isLong ? 56 : 44, words);
  if (count === 0) return [];
  if (entryBytes < (isLong ? 56 : 32) || entryBytes > 1024 || count > mostSegments)
    return undefined;
  const table = readWhole(read, offset, count * entryBytes);
  if (table === undefined) return undefined;
  const at = isLong ? { offset: 8, address: 16, size: 32 } : { offset: 4, address: 8, size: 16 };
  return Array.from({ length: count }, (_, index) => {
    const start = index * entryBytes;
    return {
      type: long(table, start, words),
      offset: word(table, start + at.offset, words),
      address: word(table, start + at.address, words),
      sizeInFile: word(table, start + at.size, words),
    };
  });
}

function readDynamic(
  read: ReadSlice,
  segments: readonly ElfSegment[],
  words: Words,
): ElfDynamicEntry[] | undefined {
  const segment = segments.find(({ type }) => type === segmentDynamic);
  if (segment === undefined) return [];
  if (segment.sizeInFile > mostDynamicBytes) return undefined;
  const table = readWhole(read, segment.offset, segment.sizeInFile);
  if (table === undefined) return undefined;
  const entryBytes = words.bits / 4;
  const entries: ElfDynamicEntry[] = [];
  for (let at = 0; at + entryBytes <= table.length; at += entryBytes) {
    const tag = word(table, at, words);
    if (tag === 0) break;
    entries.push({ tag, value: word(table, at + entryBytes / 2, words) });
  }
  return entries;
}

function readStrings(
  read: ReadSlice,
  segments: readonly ElfSegment[],
  dynamic: readonly ElfDynamicEntry[],
): ElfFile["strings"] {
  const valueOf = (wanted: number): number => dynamic.find(({ tag }) => tag === wanted)?.value ?? 0;
  const address = valueOf(elfTags.stringTable);
  const size = Math.min(valueOf(elfTags.stringBytes), mostStringBytes);
  const segment = segments.find(
    (each) =>
      each.type === segmentLoad &&
      each.address <= address &&
      address < each.address + each.sizeInFile,
  );
  if (segment === undefined || size === 0) return { offset: 0, bytes: new Uint8Array() };
  const offset = segment.offset + (address - segment.address);
  return { offset, bytes: readWhole(read, offset, size) ?? new Uint8Array() };
}

function textAt(strings: Uint8Array, offset: number): string | undefined {
  if (offset >= strings.length) return undefined;
  const end = strings.indexOf(0, offset);
  if (end < 0 || end - offset > mostTextBytes) return undefined;
  return Buffer.from(strings.subarray(offset, end)).toString("utf8");
}
