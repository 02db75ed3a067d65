/** A zip archive of files, the same bytes for the same entries. */
import { crc32 } from "node:zlib";

/** @import { Entry } from "./tar.js" */

const utf8Names = 0x800;
const deflated = 8;
/** Made by: a Unix system; its modes are in the upper half of the external attributes. */
const madeBy = (3 << 8) | 20;
const regularFile = 0o100000;

/**
 * @param {readonly Entry[]} entries
 * @param {number} seconds the time of all entries, since 1970; a zip archive knows none before 1980
 * @param {(data: Buffer) => Buffer} deflate
 */
export function zipOf(entries, seconds, deflate) {
  /** @type {Buffer[]} */
  const files = [];
  /** @type {Buffer[]} */
  const directory = [];
  let offset = 0;
  for (const entry of entries) {
    const packed = deflate(entry.data);
    const name = Buffer.from(entry.path);
    const shared = sharedFields(entry.data, packed, name, seconds);
    const local = Buffer.concat([bytes([4, 0x04034b50], [2, 20]), shared, name]);
    const mode = regularFile | (entry.isProgram ? 0o755 : 0o644);
    directory.push(
      bytes([4, 0x02014b50], [2, madeBy], [2, 20]),
      shared,
      bytes([2, 0], [2, 0], [2, 0], [4, mode * 0x10000], [4, offset]),
      name,
    );
    files.push(local, packed);
    offset += local.length + packed.length;
  }
  const listed = Buffer.concat(directory);
  const count = entries.length;
  const end = bytes(
    [4, 0x06054b50],
    [2, 0],
    [2, 0],
    [2, count],
    [2, count],
    [4, listed.length],
    [4, offset],
    [2, 0],
  );
  return Buffer.concat([...files, listed, end]);
}

/** What stands before each file and in the directory: flags to the length of the extra field. */
function sharedFields(
  /** @type {Buffer} */ data,
  /** @type {Buffer} */ packed,
  /** @type {Buffer} */ name,
  /** @type {number} */ seconds,
) {
  const at = new Date(seconds * 1000);
  const time = (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1);
  const day = ((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate();
  return bytes(
    [2, utf8Names],
    [2, deflated],
    [2, time],
    [2, day],
    [4, crc32(data)],
    [4, packed.length],
    [4, data.length],
    [2, name.length],
    [2, 0],
  );
}

/** Little-endian numbers. */
function bytes(/** @type {[size: 2 | 4, value: number][]} */ ...fields) {
  return Buffer.concat(
    fields.map(([size, value]) => {
      const field = Buffer.alloc(size);
      field.writeUIntLE(value, 0, size);
      return field;
    }),
  );
}
