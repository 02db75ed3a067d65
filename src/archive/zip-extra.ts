/** The extra fields of a zip member (APPNOTE 4.5). */

export interface ZipSizes {
  readonly sizeBytes: number;
  readonly compressedBytes: number;
  readonly offset: number;
}

const wideId = 0x0001;
const unicodePathId = 0x7075;
const saturated = 0xffffffff;

/** Replaces saturated 32-bit fields by their zip64 values; undefined when one is missing. */
export function widen(extra: Buffer, sizes: ZipSizes): ZipSizes | undefined {
  const order = ["sizeBytes", "compressedBytes", "offset"] as const;
  if (order.every((key) => sizes[key] !== saturated)) return sizes;
  const field = findField(extra, wideId);
  if (field === undefined) return undefined;
  const wide: { -readonly [Key in keyof ZipSizes]: number } = { ...sizes };
  let at = 0;
  for (const key of order) {
    if (sizes[key] !== saturated) continue;
    if (at + 8 > field.length) return undefined;
    wide[key] = Number(field.readBigUInt64LE(at));
    if (!Number.isSafeInteger(wide[key])) return undefined;
    at += 8;
  }
  return wide;
}

/** The second name that Info-ZIP stores; some readers believe it, and others the first. */
export function findUnicodePath(extra: Buffer): Buffer | undefined {
  const field = findField(extra, unicodePathId);
  return field === undefined || field.length < 5 ? undefined : field.subarray(5);
}

function findField(extra: Buffer, id: number): Buffer | undefined {
  for (let at = 0; at + 4 <= extra.length;) {
    const end = at + 4 + extra.readUInt16LE(at + 2);
    if (end > extra.length) return undefined;
    if (extra.readUInt16LE(at) === id) return extra.subarray(at + 4, end);
    at = end;
  }
  return undefined;
}
