/** What else of an ELF file is named by the strings among which an rpath stands. */
import { type ElfFile, elfTags } from "./elf.ts";
import { readSections } from "./elf-sections.ts";
import { long, type ReadSlice, readWhole } from "./elf-words.ts";

/** Of the dynamic section: DT_NEEDED, DT_SONAME, DT_RPATH, DT_RUNPATH, and those for auditors and filters. */
const namingTags: ReadonlySet<number> = new Set([
  elfTags.needed,
  14,
  elfTags.rpath,
  elfTags.runpath,
  0x6ffffefa,
  0x6ffffefb,
  0x6ffffefc,
  0x7ffffffd,
  0x7fffffff,
]);
/** Of sections: the dynamic symbols, and the versions that a file defines and needs. */
const sectionTypes = { symbols: 11, defined: 0x6ffffffd, needed: 0x6ffffffe };

const mostTableBytes = 1 << 28;

/**
 * Whether some other name has bytes in common with the string at `start` of the dynamic string table: linkers let a
 * name that is the end of another lie in it. What cannot be known counts as yes.
 */
export function sharesBytes(read: ReadSlice, elf: ElfFile, start: number): boolean {
  const { bytes } = elf.strings;
  const end = bytes.indexOf(0, start);
  if (end < 0 || start >= bytes.length || (start > 0 && bytes[start - 1] !== 0)) return true;
  const isInside = (offset: number): boolean => offset > start && offset < end;
  for (const { tag, value } of elf.dynamic) {
    if (!namingTags.has(tag)) continue;
    const isRunPath = tag === elfTags.rpath || tag === elfTags.runpath;
    if (isInside(value) || (value === start && !isRunPath)) return true;
  }
  const names = namesInSections(read, elf);
  return names === undefined || names.some((offset) => offset === start || isInside(offset));
}

/**
 * Where the names of symbols and versions begin. Of versions all numbers are given, whatever they are: that is simpler,
 * and at worst an rpath stays as it is.
 */
export function namesInSections(read: ReadSlice, elf: ElfFile): number[] | undefined {
  const tags = new Set(elf.dynamic.map(({ tag }) => tag));
  const expected = [elfTags.symbolTable, elfTags.versionsNeeded, elfTags.versionsDefined];
  if (!expected.some((tag) => tags.has(tag))) return [];
  const sections = readSections(read, elf);
  if (sections === undefined) return undefined;
  const isThere = (tag: number, type: number): boolean =>
    !tags.has(tag) || sections.some((section) => section.type === type);
  if (!isThere(elfTags.symbolTable, sectionTypes.symbols)) return undefined;
  if (!isThere(elfTags.versionsNeeded, sectionTypes.needed)) return undefined;
  if (!isThere(elfTags.versionsDefined, sectionTypes.defined)) return undefined;
  const names: number[] = [];
  for (const { type, offset, size } of sections) {
    const isSymbols = type === sectionTypes.symbols;
    if (!isSymbols && type !== sectionTypes.defined && type !== sectionTypes.needed) continue;
    const table = size > mostTableBytes ? undefined : readWhole(read, offset, size);
    if (table === undefined) return undefined;
    const step = isSymbols ? (elf.bits === 64 ? 24 : 16) : 4;
    for (let at = 0; at + step <= table.length; at += step) names.push(long(table, at, elf));
  }
  return names;
}
