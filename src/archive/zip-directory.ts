/** The central directory of a zip file, zip64 included (APPNOTE 4.3.12 to 4.3.16, 4.5.3). */
import type { FileView } from "./file-view.ts";
import { refusal } from "./refusal.ts";
import { findUnicodePath, widen, type ZipSizes } from "./zip-extra.ts";

export interface ZipEntry {
  /** Folders keep the slash at the end. */
  readonly name: string;
  readonly sizeBytes: number;
  /** Permission bits, 0 to 0o7777; 0 when the archive says nothing. */
  readonly mode: number;
  readonly isDirectory: boolean;
  readonly isLink: boolean;
  /** As if the archive's wall clock were UTC; exact to two seconds. */
  readonly modifiedMs: number;
  readonly compressedBytes: number;
  /** 0: stored; 8: deflated. */
  readonly method: number;
  readonly crc32: number;
  readonly flags: number;
  /** Where the local header starts. */
  readonly offset: number;
}

interface ZipDirectory {
  readonly entries: ZipEntry[];
  readonly directoryStart: number;
}

export function readDirectory(data: FileView, archive: string): ZipDirectory {
  const bounds = findBounds(data, archive);
  const entries: ZipEntry[] = [];
  let at = bounds.start;
  while (at < bounds.end) {
    if (at + 46 > bounds.end || data.readUInt32LE(at) !== 0x02014b50)
      throw refusal("DAMAGED", { archive }, "is damaged: its directory cannot be read");
    const { entry, next } = readEntry(data, archive, at, bounds.end);
    entries.push(entry);
    at = next;
  }
  if (at !== bounds.end || entries.length !== bounds.count)
    throw refusal(
      "DAMAGED",
      { archive },
      `is damaged: its directory has ${entries.length} members where ${bounds.count} are declared`,
    );
  return { entries, directoryStart: bounds.start };
}

interface Bounds {
  readonly start: number;
  readonly end: number;
  readonly count: number;
}

const endBytes = 22;

function findBounds(data: FileView, archive: string): Bounds {
  const end = findEnd(data, archive);
  const disks = data.readUInt32LE(end + 4);
  const hasLocator = end >= 20 && data.readUInt32LE(end - 20) === 0x07064b50;
  const short = {
    onDisk: data.readUInt16LE(end + 8),
    count: data.readUInt16LE(end + 10),
    size: data.readUInt32LE(end + 12),
    start: data.readUInt32LE(end + 16),
  };
  const found = hasLocator ? readWideEnd(data, archive, end, short) : { ...short, end };
  const isSplit = (disks !== 0 && !hasLocator) || found.onDisk !== found.count;
  if (isSplit) throw refusal("UNSUPPORTED", { archive }, "is split over several volumes");
  if (found.start + found.size !== found.end)
    throw refusal("DAMAGED", { archive }, "is damaged: its directory is not where its end says");
  return { start: found.start, end: found.end, count: found.count };
}

/** The end record whose comment reaches exactly to the end of the file. */
function findEnd(data: FileView, archive: string): number {
  const lowest = Math.max(0, data.length - endBytes - 0xffff);
  for (let at = data.length - endBytes; at >= lowest; at -= 1) {
    if (data.readUInt32LE(at) !== 0x06054b50) continue;
    if (at + endBytes + data.readUInt16LE(at + 20) === data.length) return at;
  }
  throw refusal("DAMAGED", { archive }, "is cut off or not a zip file: it has no end record");
}

interface EndFields {
  readonly onDisk: number;
  readonly count: number;
  readonly size: number;
  readonly start: number;
}

/** The zip64 end record; where the short one is not saturated, the two must agree. */
function readWideEnd(
  data: FileView,
  archive: string,
  end: number,
  short: EndFields,
): EndFields & { readonly end: number } {
  const at = toNumber(data.readBigUInt64LE(end - 12));
  if (at + 56 > end - 20 || data.readUInt32LE(at) !== 0x06064b50)
    throw refusal("DAMAGED", { archive }, "is damaged: its zip64 end record is not there");
  const wide = {
    onDisk: toNumber(data.readBigUInt64LE(at + 24)),
    count: toNumber(data.readBigUInt64LE(at + 32)),
    size: toNumber(data.readBigUInt64LE(at + 40)),
    start: toNumber(data.readBigUInt64LE(at + 48)),
  };
  const agrees =
    (short.count === 0xffff || short.count === wide.count) &&
    (short.size === 0xffffffff || short.size === wide.size) &&
    (short.start === 0xffffffff || short.start === wide.start);
  if (!agrees) throw refusal("DAMAGED", { archive }, "has two end records that disagree");
  return { ...wide, end: at };
}

function readEntry(
  data: FileView,
  archive: string,
  at: number,
  end: number,
): { entry: ZipEntry; next: number } {
  const nameEnd = at + 46 + data.readUInt16LE(at + 28);
  const extraEnd = nameEnd + data.readUInt16LE(at + 30);
  const next = extraEnd + data.readUInt16LE(at + 32);
  if (next > end) throw refusal("DAMAGED", { archive }, "is damaged: its directory is cut off");
  const rawName = data.subarray(at + 46, nameEnd);
  const name = decodeName(archive, rawName);
  const extra = data.subarray(nameEnd, extraEnd);
  const sizes = widen(extra, readSizes(data, at));
  const attributes = data.readUInt16LE(at + 40);
  const flags = data.readUInt16LE(at + 8);
  const method = data.readUInt16LE(at + 10);
  checkSupported(archive, name, { flags, method, disk: data.readUInt16LE(at + 34), attributes });
  const unicodePath = findUnicodePath(extra);
  if (unicodePath !== undefined && !unicodePath.equals(rawName))
    throw refusal("DAMAGED", { archive, member: name }, "has two names that disagree");
  if (sizes === undefined || sizes.offset > end)
    throw refusal("DAMAGED", { archive, member: name }, "is damaged: its place cannot be read");
  const isDirectory = name.endsWith("/");
  if (isDirectory && sizes.sizeBytes > 0)
    throw refusal("DAMAGED", { archive, member: name }, "is a folder with content");
  const entry = {
    name,
    ...sizes,
    mode: attributes & 0o7777,
    isDirectory,
    isLink: (attributes & 0o170000) === 0o120000,
    modifiedMs: timeFrom(data.readUInt16LE(at + 14), data.readUInt16LE(at + 12)),
    method,
    crc32: data.readUInt32LE(at + 16),
    flags,
  };
  return { entry, next };
}

function readSizes(data: FileView, at: number): ZipSizes {
  return {
    compressedBytes: data.readUInt32LE(at + 20),
    sizeBytes: data.readUInt32LE(at + 24),
    offset: data.readUInt32LE(at + 42),
  };
}

const encryptedFlags = 0x1 | 0x40 | 0x2000;

function checkSupported(
  archive: string,
  name: string,
  facts: { flags: number; method: number; disk: number; attributes: number },
): void {
  const refuse = (what: string): Error => refusal("UNSUPPORTED", { archive, member: name }, what);
  if ((facts.flags & encryptedFlags) !== 0) throw refuse("is encrypted");
  if (facts.method !== 0 && facts.method !== 8)
    throw refuse(`is compressed by method ${facts.method}; only stored and deflated are read`);
  if (facts.disk !== 0) throw refuse("lies on another volume");
  const type = facts.attributes & 0o170000;
  // Some programs give folders the type of a file.
  const isKnown = [0, 0o100000, name.endsWith("/") ? 0o040000 : 0o120000].includes(type);
  if (!isKnown)
    throw refusal(
      "SPECIAL",
      { archive, member: name },
      "is neither a file nor a folder nor a symlink",
    );
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** UTF-8 whatever the flag says: the other encoding of the format means nothing on Linux. */
function decodeName(archive: string, raw: Buffer): string {
  const refuse = (what: string): Error =>
    refusal("NAME", { archive, member: raw.toString("latin1") }, what);
  if (raw.length === 0) throw refuse("has an empty name");
  if (raw.includes(0)) throw refuse("has a NUL byte in its name");
  if (raw.includes(0x5c)) throw refuse("has a backslash in its name");
  try {
    return utf8.decode(raw);
  } catch {
    throw refuse("has a name that is not UTF-8");
  }
}

/** MS-DOS date and time, as milliseconds since 1970. */
function timeFrom(date: number, time: number): number {
  const days = daysSince1970(1980 + (date >> 9), (date >> 5) & 0xf, date & 0x1f);
  const seconds = (time >> 11) * 3600 + ((time >> 5) & 0x3f) * 60 + (time & 0x1f) * 2;
  return (days * 86_400 + seconds) * 1000;
}

/** Counts years from March, so that a leap day is the last of its year. */
function daysSince1970(year: number, month: number, day: number): number {
  const years = month > 2 ? year : year - 1;
  const months = month > 2 ? month - 3 : month + 9;
  const leapDays = Math.floor(years / 4) - Math.floor(years / 100) + Math.floor(years / 400);
  return years * 365 + leapDays + Math.floor((months * 153 + 2) / 5) + day - 719_469;
}

/** Beyond every file when it is too large for a number. */
function toNumber(value: bigint): number {
  return value > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(value);
}
