/** The blocks of a tar archive: ustar and GNU headers, and pax records (POSIX.1-2001, pax). */

export const blockBytes = 512;

export interface TarHeader {
  readonly typeFlag: string;
  /** As stored; a pax record or a GNU long name may replace it. */
  readonly name: Uint8Array;
  readonly linkName: Uint8Array;
  readonly mode: number;
  readonly sizeBytes: number;
  readonly modifiedSeconds: number;
}

/** Undefined when the checksum is wrong or a number cannot be read. */
export function parseTarHeader(block: Uint8Array): TarHeader | undefined {
  if (!hasTarHeader(block)) return undefined;
  const mode = readNumber(block, 100, 8);
  const sizeBytes = readNumber(block, 124, 12);
  const modifiedSeconds = readNumber(block, 136, 12);
  if (mode === undefined || sizeBytes === undefined || modifiedSeconds === undefined)
    return undefined;
  if (sizeBytes < 0) return undefined;
  return {
    typeFlag: String.fromCharCode(block[156] ?? 0),
    name: readName(block),
    linkName: field(block, 157, 100),
    mode,
    sizeBytes,
    modifiedSeconds,
  };
}

/** Whether a block's checksum is right; some old programs summed signed bytes. */
export function hasTarHeader(block: Uint8Array): boolean {
  if (block.length < blockBytes) return false;
  const stored = readNumber(block, 148, 8);
  let unsigned = 0;
  let signed = 0;
  for (let at = 0; at < blockBytes; at += 1) {
    const byte = at >= 148 && at < 156 ? 0x20 : (block[at] ?? 0);
    unsigned += byte;
    signed += byte > 127 ? byte - 256 : byte;
  }
  return !isZeroBlock(block) && (stored === unsigned || stored === signed);
}

export function isZeroBlock(block: Uint8Array): boolean {
  return block.every((byte) => byte === 0);
}

/** The records of a pax header, values undecoded; undefined when one is malformed. */
export function parsePax(content: Uint8Array): Map<string, Uint8Array> | undefined {
  const records = new Map<string, Uint8Array>();
  for (let at = 0; at < content.length;) {
    const space = content.indexOf(0x20, at);
    const length = space < 0 ? "" : Buffer.from(content.subarray(at, space)).toString("latin1");
    const end = at + Number(length);
    if (!/^\d{1,9}$/.test(length) || end > content.length || content[end - 1] !== 0x0a)
      return undefined;
    const equals = content.indexOf(0x3d, space);
    if (equals < 0 || equals >= end) return undefined;
    const key = Buffer.from(content.subarray(space + 1, equals)).toString("utf8");
    records.set(key, content.subarray(equals + 1, end - 1));
    at = end;
  }
  return records;
}

/** The bytes before the first NUL. */
export function untilNul(bytes: Uint8Array): Uint8Array {
  const end = bytes.indexOf(0);
  return end < 0 ? bytes : bytes.subarray(0, end);
}

function readName(block: Uint8Array): Uint8Array {
  const name = field(block, 0, 100);
  // GNU's own magic is "ustar " with other fields where POSIX has the prefix.
  const isPosix = Buffer.from(block.subarray(257, 263)).toString("latin1") === "ustar\0";
  const prefix = isPosix ? field(block, 345, 155) : new Uint8Array();
  return prefix.length === 0 ? name : Buffer.concat([prefix, Buffer.from("/"), name]);
}

function field(block: Uint8Array, offset: number, length: number): Uint8Array {
  return untilNul(block.subarray(offset, offset + length));
}

/** Octal digits, or GNU's base 256 (two's complement) when the first bit is set. */
function readNumber(block: Uint8Array, offset: number, length: number): number | undefined {
  const bytes = block.subarray(offset, offset + length);
  const first = bytes[0] ?? 0;
  if (first >= 0x80) {
    const whole = BigInt(`0x${Buffer.from(bytes).toString("hex")}`);
    // The first bit only marks the encoding; the one after it is the sign.
    const value = Number(BigInt.asIntN(length * 8 - 1, whole));
    return Number.isSafeInteger(value) ? value : undefined;
  }
  const digits = Buffer.from(untilNul(bytes)).toString("latin1").trim();
  if (digits === "") return 0;
  return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : undefined;
}
