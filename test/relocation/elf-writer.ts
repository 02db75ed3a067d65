/** Small ELF libraries that say what they need, of each class and byte order. */

export interface ElfParts {
  readonly bits: 32 | 64;
  readonly isLittleEndian: boolean;
  readonly needed: readonly string[];
  /** As DT_RPATH. */
  readonly rpath?: string;
  readonly machine?: number;
  /** The names of dynamic symbols. */
  readonly symbols?: readonly string[];
  /** Whether a string that is the end of another lies in it. */
  readonly shared?: boolean;
  /** Whether it names a loader, as what can be started does. */
  readonly isProgram?: boolean;
  /** Whether it was stripped of the table of its sections. */
  readonly withoutSections?: boolean;
}

/** Header, three program headers, the dynamic section, symbols, strings, sections; all mapped at address 0x1000. */
export function makeElf(parts: ElfParts): Uint8Array {
  const { bits, isLittleEndian: little, needed, rpath, machine = 62, symbols = [] } = parts;
  const wordBytes = bits / 8;
  const [headerBytes, segmentBytes, symbolBytes, sectionBytes] =
    bits === 64 ? [64, 56, 24, 64] : [52, 32, 16, 40];
  const { table, offsetOf } = makeTable([...needed, ...symbols, rpath ?? ""], parts.shared);
  const base = 0x1000;
  const dynamicAt = headerBytes + 3 * segmentBytes;
  const entries = needed.length + (rpath === undefined ? 0 : 1) + (symbols.length > 0 ? 4 : 3);
  const symbolsAt = dynamicAt + entries * 2 * wordBytes;
  const stringsAt = symbolsAt + symbols.length * symbolBytes;
  const sectionsAt = stringsAt + table.length;
  const bytes = Buffer.alloc(sectionsAt + (parts.withoutSections ? 0 : sectionBytes));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const word = (at: number, value: number): void =>
    bits === 64 ? view.setBigUint64(at, BigInt(value), little) : view.setUint32(at, value, little);
  const half = (at: number, value: number): void => view.setUint16(at, value, little);

  bytes.set([0x7f, 0x45, 0x4c, 0x46, bits / 32, little ? 1 : 2, 1]);
  half(16, 3);
  half(18, machine);
  word(bits === 64 ? 32 : 28, headerBytes);
  half(bits === 64 ? 54 : 42, segmentBytes);
  half(bits === 64 ? 56 : 44, 3);
  if (!parts.withoutSections) {
    word(bits === 64 ? 40 : 32, sectionsAt);
    half(bits === 64 ? 58 : 46, sectionBytes);
    half(bits === 64 ? 60 : 48, 1);
    view.setUint32(sectionsAt + 4, 11, little);
    word(sectionsAt + (bits === 64 ? 24 : 16), symbolsAt);
    word(sectionsAt + (bits === 64 ? 32 : 20), symbols.length * symbolBytes);
  }
  const segment = (index: number, type: number, offset: number, size: number): void => {
    const at = headerBytes + index * segmentBytes;
    view.setUint32(at, type, little);
    const [offsetAt, addressAt, sizeAt] = bits === 64 ? [8, 16, 32] : [4, 8, 16];
    word(at + (offsetAt ?? 0), offset);
    word(at + (addressAt ?? 0), base + offset);
    word(at + (sizeAt ?? 0), size);
  };
  segment(0, 1, 0, bytes.length);
  segment(1, 2, dynamicAt, entries * 2 * wordBytes);
  segment(2, parts.isProgram ? 3 : 4, 0, 0);
  const rows: [number, number][] = [
    ...needed.map((name): [number, number] => [1, offsetOf(name)]),
    ...(rpath === undefined ? [] : [[15, offsetOf(rpath)] as [number, number]]),
    ...(symbols.length === 0 ? [] : [[6, base + symbolsAt] as [number, number]]),
    [5, base + stringsAt],
    [10, table.length],
    [0, 0],
  ];
  for (const [at, [tag, value]] of rows.entries()) {
    word(dynamicAt + at * 2 * wordBytes, tag);
    word(dynamicAt + (at * 2 + 1) * wordBytes, value);
  }
  for (const [at, name] of symbols.entries())
    view.setUint32(symbolsAt + at * symbolBytes, offsetOf(name), little);
  bytes.set(table, stringsAt);
  return bytes;
}

function makeTable(
  all: readonly string[],
  shared = false,
): { table: Buffer; offsetOf: (text: string) => number } {
  const pieces: string[] = [""];
  for (const text of all.toSorted((a, b) => b.length - a.length)) {
    if (!pieces.some((piece) => (shared ? piece.endsWith(text) : piece === text)))
      pieces.push(text);
  }
  const table = Buffer.from(`${pieces.join("\0")}\0`);
  const offsetOf = (text: string): number =>
    table.indexOf(shared ? `${text}\0` : `\0${text}\0`) + (shared ? 0 : 1);
  return { table, offsetOf };
}
