/** Writes small zip files, right ones and wrong ones. */
import * as zlib from "node:zlib";

export interface ZipMember {
  readonly name: string | Uint8Array;
  readonly content?: string | Uint8Array;
  readonly stored?: boolean;
  /** The whole Unix mode, type included. */
  readonly mode?: number;
  readonly flags?: number;
  readonly method?: number;
  readonly declaredBytes?: number;
  readonly compressedBytes?: number;
  readonly crc32?: number;
  /** The local header's, when it differs. */
  readonly localName?: string;
  readonly localBytes?: number;
  readonly localCrc32?: number;
  readonly localMethod?: number;
  /** The local header of this earlier member is used, and none is written. */
  readonly sharedWith?: number;
  readonly offset?: number;
  readonly disk?: number;
  readonly extra?: Uint8Array;
  readonly localExtra?: Uint8Array;
  /** MS-DOS date and time. */
  readonly date?: number;
  readonly time?: number;
  /** With a descriptor behind the content and empty local fields. */
  readonly described?: boolean;
  readonly trailing?: Uint8Array;
}

export interface ZipFacts {
  readonly count?: number;
  readonly directoryOffset?: number;
  readonly comment?: string;
  readonly diskNumber?: number;
  /** Writes a zip64 end record, whose count can be wrong, and saturates the short one. */
  readonly wide?: boolean;
  readonly wideCount?: number;
  readonly shortCount?: number;
}

export function zipOf(members: readonly ZipMember[], facts: ZipFacts = {}): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  const offsets: number[] = [];
  let at = 0;
  for (const member of members) {
    const parsed = prepare(member);
    const shared = member.sharedWith === undefined ? undefined : offsets[member.sharedWith];
    const offset = member.offset ?? shared ?? at;
    offsets.push(offset);
    directory.push(centralOf(member, parsed, offset));
    if (shared !== undefined) continue;
    const local = localOf(member, parsed);
    parts.push(local);
    at += local.length;
  }
  const central = Buffer.concat(directory);
  return Buffer.concat([...parts, central, endOf(members.length, central.length, at, facts)]);
}

interface Prepared {
  readonly name: Buffer;
  readonly data: Buffer;
  readonly method: number;
  readonly flags: number;
  readonly crc32: number;
  readonly sizeBytes: number;
  readonly compressedBytes: number;
}

function prepare(member: ZipMember): Prepared {
  const content = Buffer.from(member.content ?? "");
  const isStored = member.stored ?? content.length === 0;
  const data = isStored ? content : zlib.deflateRawSync(content);
  return {
    name: Buffer.from(member.name as string),
    data: Buffer.concat([data, member.trailing ?? Buffer.alloc(0)]),
    method: member.method ?? (isStored ? 0 : 8),
    flags: (member.flags ?? 0x800) | (member.described ? 8 : 0),
    crc32: member.crc32 ?? zlib.crc32(content),
    sizeBytes: member.declaredBytes ?? content.length,
    compressedBytes: member.compressedBytes ?? data.length + (member.trailing?.length ?? 0),
  };
}

function centralOf(member: ZipMember, parsed: Prepared, offset: number): Buffer {
  const extra = member.extra ?? Buffer.alloc(0);
  const head = Buffer.alloc(46);
  head.writeUInt32LE(0x02014b50, 0);
  head.writeUInt16LE((3 << 8) | 45, 4);
  head.writeUInt16LE(20, 6);
  head.writeUInt16LE(parsed.flags, 8);
  head.writeUInt16LE(parsed.method, 10);
  head.writeUInt16LE(member.time ?? 0, 12);
  head.writeUInt16LE(member.date ?? 0x21, 14);
  head.writeUInt32LE(parsed.crc32, 16);
  head.writeUInt32LE(parsed.compressedBytes, 20);
  head.writeUInt32LE(parsed.sizeBytes, 24);
  head.writeUInt16LE(parsed.name.length, 28);
  head.writeUInt16LE(extra.length, 30);
  head.writeUInt16LE(member.disk ?? 0, 34);
  head.writeUInt32LE(((member.mode ?? 0o100644) << 16) >>> 0, 38);
  head.writeUInt32LE(offset, 42);
  return Buffer.concat([head, parsed.name, extra]);
}

function localOf(member: ZipMember, parsed: Prepared): Buffer {
  const name = member.localName === undefined ? parsed.name : Buffer.from(member.localName);
  const extra = member.localExtra ?? Buffer.alloc(0);
  const head = Buffer.alloc(30);
  head.writeUInt32LE(0x04034b50, 0);
  head.writeUInt16LE(20, 4);
  head.writeUInt16LE(parsed.flags, 6);
  head.writeUInt16LE(member.localMethod ?? parsed.method, 8);
  head.writeUInt16LE(member.time ?? 0, 10);
  head.writeUInt16LE(member.date ?? 0x21, 12);
  if (member.described !== true) {
    head.writeUInt32LE(member.localCrc32 ?? parsed.crc32, 14);
    head.writeUInt32LE(parsed.compressedBytes, 18);
    head.writeUInt32LE(member.localBytes ?? parsed.sizeBytes, 22);
  }
  head.writeUInt16LE(name.length, 26);
  head.writeUInt16LE(extra.length, 28);
  return Buffer.concat([head, name, extra, parsed.data, descriptorOf(member, parsed)]);
}

function descriptorOf(member: ZipMember, parsed: Prepared): Buffer {
  if (member.described !== true) return Buffer.alloc(0);
  const descriptor = Buffer.alloc(16);
  descriptor.writeUInt32LE(0x08074b50, 0);
  descriptor.writeUInt32LE(parsed.crc32, 4);
  descriptor.writeUInt32LE(parsed.compressedBytes, 8);
  descriptor.writeUInt32LE(parsed.sizeBytes, 12);
  return descriptor;
}

function endOf(count: number, size: number, offset: number, facts: ZipFacts): Buffer {
  const comment = Buffer.from(facts.comment ?? "");
  const wide = facts.wide === true;
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(facts.diskNumber ?? 0, 4);
  const shortCount = facts.shortCount ?? (wide ? 0xffff : (facts.count ?? count));
  end.writeUInt16LE(shortCount, 8);
  end.writeUInt16LE(shortCount, 10);
  end.writeUInt32LE(wide ? 0xffffffff : size, 12);
  end.writeUInt32LE(wide ? 0xffffffff : (facts.directoryOffset ?? offset), 16);
  end.writeUInt16LE(comment.length, 20);
  const short = Buffer.concat([end, comment]);
  return wide ? Buffer.concat([wideEndOf(facts.wideCount ?? count, size, offset), short]) : short;
}

function wideEndOf(count: number, size: number, offset: number): Buffer {
  const record = Buffer.alloc(76);
  record.writeUInt32LE(0x06064b50, 0);
  record.writeBigUInt64LE(44n, 4);
  record.writeBigUInt64LE(BigInt(count), 24);
  record.writeBigUInt64LE(BigInt(count), 32);
  record.writeBigUInt64LE(BigInt(size), 40);
  record.writeBigUInt64LE(BigInt(offset), 48);
  record.writeUInt32LE(0x07064b50, 56);
  record.writeBigUInt64LE(BigInt(offset + size), 64);
  record.writeUInt32LE(1, 72);
  return record;
}
