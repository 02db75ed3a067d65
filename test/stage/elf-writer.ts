/** Small ELF libraries that say what they need, of each class and byte order. */

export interface ElfParts {
  readonly bits: 32 | 64;
  readonly isLittleEndian: boolean;
  readonly needed: readonly string[];
  /** As DT_RPATH. */
  readonly rpath?: string;
  readonly machine?: number;
}

/** Header, two program headers, the dynamic section, the strings; all mapped at address 0x1000. */
export function makeElf(parts: ElfParts): Uint8Array {
  const { bits, isLittleEndian: little, needed, rpath, machine = 62 } = parts;
  const wordBytes = bits / 8;
  const [headerBytes, segmentBytes] = bits === 64 ? [64, 56] : [52, 32];
  const pieces = ["", ...needed, ...(rpath === undefined ? [] : [rpath])];
  const table = Buffer.from(`${pieces.join("\0")}\0`);
  const offsets = pieces.map(
    (_, at) => Buffer.byteLength(pieces.slice(0, at).join("\0")) + (at > 0 ? 1 : 0),
  );
  const dynamicAt = headerBytes + 2 * segmentBytes;
  const entries = needed.length + (rpath === undefined ? 0 : 1) + 3;
  const stringsAt = dynamicAt + entries * 2 * wordBytes;
  const base = 0x1000;
  const bytes = Buffer.alloc(stringsAt + table.length);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const word = (at: number, value: number): void =>
    bits === 64 ? view.setBigUint64(at, BigInt(value), little) : view.setUint32(at, value, little);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, bits / 32, little ? 1 : 2, 1]);
  view.setUint16(16, 3, little);
  view.setUint16(18, machine, little);
  word(bits === 64 ? 32 : 28, headerBytes);
  view.setUint16(bits === 64 ? 54 : 42, segmentBytes, little);
  view.setUint16(bits === 64 ? 56 : 44, 2, little);
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
  const rows: [number, number][] = [
    ...needed.map((_, at): [number, number] => [1, offsets[at + 1] ?? 0]),
    ...(rpath === undefined ? [] : [[15, offsets.at(-1) ?? 0] as [number, number]]),
    [5, base + stringsAt],
    [10, table.length],
    [0, 0],
  ];
  for (const [at, [tag, value]] of rows.entries()) {
    word(dynamicAt + at * 2 * wordBytes, tag);
    word(dynamicAt + (at * 2 + 1) * wordBytes, value);
  }
  bytes.set(table, stringsAt);
  return bytes;
}
