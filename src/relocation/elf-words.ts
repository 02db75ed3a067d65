/** Numbers in an ELF file, of each class and byte order. */

export interface Words {
  readonly bits: 32 | 64;
  readonly isLittleEndian: boolean;
}

/** At most so many bytes of the file from an offset on; fewer at its end. */
export type ReadSlice = (offset: number, length: number) => Uint8Array;

/** Undefined where the file has less. */
export function readWhole(read: ReadSlice, offset: number, length: number): Uint8Array | undefined {
  if (!Number.isSafeInteger(offset + length)) return undefined;
  const bytes = read(offset, length);
  return bytes.length === length ? bytes : undefined;
}

export function half(bytes: Uint8Array, at: number, { isLittleEndian }: Words): number {
  return viewOf(bytes).getUint16(at, isLittleEndian);
}

export function long(bytes: Uint8Array, at: number, { isLittleEndian }: Words): number {
  return viewOf(bytes).getUint32(at, isLittleEndian);
}

/** As wide as the file's addresses; one that a number cannot hold exactly fits in no file. */
export function word(bytes: Uint8Array, at: number, words: Words): number {
  return words.bits === 32
    ? long(bytes, at, words)
    : Number(viewOf(bytes).getBigUint64(at, words.isLittleEndian));
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}
