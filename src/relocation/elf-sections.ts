/** The sections of an ELF file, by the table of section headers. */
import { half, long, type ReadSlice, readWhole, word, type Words } from "./elf-words.ts";

export interface ElfSection {
  /** Empty where the names cannot be read. */
  readonly name: string;
  readonly type: number;
  readonly flags: number;
  readonly offset: number;
  readonly size: number;
}

export const sectionFlags = { executable: 4, compressed: 0x800 };
/** It takes no room in the file. */
export const sectionWithoutContent = 8;

const mostTableBytes = 1 << 23;
const mostNamesBytes = 1 << 24;

/** Undefined where there is no table of them, as in a file that was stripped of it, or a damaged one. */
export function readSections(read: ReadSlice, elf: Words): ElfSection[] | undefined {
  const isLong = elf.bits === 64;
  const head = readWhole(read, 0, isLong ? 64 : 52);
  if (head === undefined) return undefined;
  const entryBytes = half(head, isLong ? 58 : 46, elf);
  const count = half(head, isLong ? 60 : 48, elf);
  if (count === 0 || entryBytes < (isLong ? 64 : 40)) return undefined;
  if (count * entryBytes > mostTableBytes) return undefined;
  const table = readWhole(read, word(head, isLong ? 40 : 32, elf), count * entryBytes);
  if (table === undefined) return undefined;
  const at = isLong ? { flags: 8, offset: 24, size: 32 } : { flags: 8, offset: 16, size: 20 };
  const rows = Array.from({ length: count }, (_, index) => {
    const start = index * entryBytes;
    return {
      nameAt: long(table, start, elf),
      type: long(table, start + 4, elf),
      flags: word(table, start + at.flags, elf),
      offset: word(table, start + at.offset, elf),
      size: word(table, start + at.size, elf),
    };
  });
  const names = readNames(read, rows[half(head, isLong ? 62 : 50, elf)]);
  return rows.map(({ nameAt, ...row }) => ({ name: nameIn(names, nameAt), ...row }));
}

function readNames(
  read: ReadSlice,
  section: { readonly offset: number; readonly size: number } | undefined,
): Uint8Array {
  if (section === undefined || section.size > mostNamesBytes) return new Uint8Array();
  return readWhole(read, section.offset, section.size) ?? new Uint8Array();
}

function nameIn(names: Uint8Array, at: number): string {
  const end = at < names.length ? names.indexOf(0, at) : -1;
  return end < 0 || end - at > 200 ? "" : Buffer.from(names.subarray(at, end)).toString("latin1");
}
