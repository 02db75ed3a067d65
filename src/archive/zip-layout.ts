/** Whether the members of a zip file lie where, and are what, its directory says. */
import type { FileView } from "./file-view.ts";
import { refusal } from "./refusal.ts";
import type { ZipEntry } from "./zip-directory.ts";
import { widen } from "./zip-extra.ts";

const localBytes = 30;
const describedFlag = 0x8;
// Encrypted, described, patched, strongly encrypted, masked; the rest are notes of the compressor.
const meaningfulFlags = 0x1 | describedFlag | 0x20 | 0x40 | 0x2000;

interface Extent {
  readonly entry: ZipEntry;
  readonly end: number;
}

/** Compares local headers with the directory, refuses overlaps, and gives where each content starts. */
export function checkLayout(
  data: FileView,
  archive: string,
  entries: readonly ZipEntry[],
  limit: number,
): Map<ZipEntry, number> {
  const starts = new Map<ZipEntry, number>();
  const extents: Extent[] = [];
  for (const entry of entries.toSorted((a, b) => a.offset - b.offset)) {
    const start = checkLocal(data, archive, entry, limit);
    const dataEnd = start + entry.compressedBytes;
    const end = endOf(data, entry, dataEnd, limit);
    if (end === undefined)
      throw refusal("DAMAGED", { archive, member: entry.name }, "is cut off or described wrongly");
    starts.set(entry, start);
    extents.push({ entry, end });
  }
  checkOverlaps(archive, extents);
  return starts;
}

function checkLocal(data: FileView, archive: string, entry: ZipEntry, limit: number): number {
  const at = entry.offset;
  const refuse = (what: string): Error =>
    refusal("DAMAGED", { archive, member: entry.name }, `has a local header that ${what}`);
  if (at + localBytes > limit || data.readUInt32LE(at) !== 0x04034b50)
    throw refuse("is not where the directory says");
  const nameEnd = at + localBytes + data.readUInt16LE(at + 26);
  const start = nameEnd + data.readUInt16LE(at + 28);
  if (start > limit) throw refuse("is cut off");
  if (data.toString("utf8", at + localBytes, nameEnd) !== entry.name)
    throw refuse("has another name than the directory");
  const flagsDiffer = ((data.readUInt16LE(at + 6) ^ entry.flags) & meaningfulFlags) !== 0;
  if (flagsDiffer || data.readUInt16LE(at + 8) !== entry.method)
    throw refuse("has another method than the directory");
  if (!hasSameFacts(data, at, entry, data.subarray(nameEnd, start)))
    throw refuse("has another size or CRC-32 than the directory");
  return start;
}

/** With a descriptor behind the content, the fields here may be empty. */
function hasSameFacts(data: FileView, at: number, entry: ZipEntry, extra: Buffer): boolean {
  const sizes = widen(extra, {
    compressedBytes: data.readUInt32LE(at + 18),
    sizeBytes: data.readUInt32LE(at + 22),
    offset: 0,
  });
  const isDescribed = (entry.flags & describedFlag) !== 0;
  if (sizes === undefined) return isDescribed;
  const agrees = (found: number, declared: number): boolean =>
    found === declared || (isDescribed && found === 0);
  return (
    agrees(data.readUInt32LE(at + 14), entry.crc32) &&
    agrees(sizes.compressedBytes, entry.compressedBytes) &&
    agrees(sizes.sizeBytes, entry.sizeBytes)
  );
}

/** Where the member ends, its descriptor (with or without signature, 32 or 64 bits) included. */
function endOf(
  data: FileView,
  entry: ZipEntry,
  dataEnd: number,
  limit: number,
): number | undefined {
  if (dataEnd > limit) return undefined;
  if ((entry.flags & describedFlag) === 0) return dataEnd;
  for (const signatureBytes of [4, 0]) {
    for (const width of [4, 8]) {
      const at = dataEnd + signatureBytes;
      const end = at + 4 + 2 * width;
      if (end > limit) continue;
      if (signatureBytes === 4 && data.readUInt32LE(dataEnd) !== 0x08074b50) continue;
      const read = (place: number): number =>
        width === 4 ? data.readUInt32LE(place) : Number(data.readBigUInt64LE(place));
      const isIt =
        data.readUInt32LE(at) === entry.crc32 &&
        read(at + 4) === entry.compressedBytes &&
        read(at + 4 + width) === entry.sizeBytes;
      if (isIt) return end;
    }
  }
  return undefined;
}

function checkOverlaps(archive: string, extents: Extent[]): void {
  extents.sort((a, b) => a.entry.offset - b.entry.offset);
  let end = 0;
  for (const extent of extents) {
    if (extent.entry.offset < end)
      throw refusal("BOMB", { archive, member: extent.entry.name }, "overlaps another member");
    end = extent.end;
  }
}
