/** Reads what qemu's `blklogwrites` has written: the format of the kernel's dm-log-writes. */
import { closeSync, openSync, readSync, statSync } from "node:fs";

const magic = 0x6a736677736872n;
const sectorBytes = 512;
const [flushFlag, fuaFlag, discardFlag] = [1n, 2n, 4n];

/** What a marked place of the device holds, which no file system uses. */
export const markStart = "the proof is here: ";

/**
 * The entries in order: `flush`, `write` (at `offset`, its content of `bytes` at `place` in the log;
 * durable when it says so) and `mark` (what the proof wrote at `markOffset`).
 *
 * @typedef {{ kind: "write", offset: number, place: number, bytes: number, durable: boolean }} Write
 * @typedef {Write | { kind: "flush" } | { kind: "mark", text: string }} Logged
 * @returns {Logged[]}
 */
export function readLog(file, markOffset) {
  const log = openLog(file);
  /** @type {Logged[]} */
  const entries = [];
  try {
    if (log.read(0, 8).readBigUInt64LE() !== magic) throw new Error(`${file} is no log of writes`);
    for (let at = sectorBytes; at + sectorBytes <= log.size;) {
      const head = log.read(at, 32);
      const field = (index) => head.readBigUInt64LE(index * 8);
      const [sector, flags, bytes] = [Number(field(0)), field(2), Number(field(1)) * sectorBytes];
      const place = at + sectorBytes;
      at = place + bytes;
      if ((flags & discardFlag) !== 0n) throw new Error("the disk was told to discard");
      if ((flags & flushFlag) !== 0n) entries.push({ kind: "flush" });
      if (bytes === 0) continue;
      const [offset, durable] = [sector * sectorBytes, (flags & fuaFlag) !== 0n];
      if (offset < markOffset) entries.push({ kind: "write", offset, place, bytes, durable });
      else entries.push({ kind: "mark", text: markIn(log.read(place, bytes)) });
    }
    return entries;
  } finally {
    log.close();
  }
}

function markIn(content) {
  const text = content.toString("utf8");
  if (!text.startsWith(markStart)) throw new Error("something else wrote where the marks are");
  return text.slice(markStart.length, text.indexOf("\n"));
}

export function openLog(file) {
  const fd = openSync(file, "r");
  return {
    size: statSync(file).size,
    read(place, bytes) {
      const content = Buffer.alloc(bytes);
      const count = readSync(fd, content, 0, bytes, place);
      if (count !== bytes) throw new Error(`${file} ends at ${place + count}`);
      return content;
    },
    close: () => closeSync(fd),
  };
}
