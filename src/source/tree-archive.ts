/** One tree as one file, the same bytes everywhere, so that a tree has a plain SHA-256. */
import { assert } from "../core/index.ts";
import type { Disk, FileWriter } from "../world/index.ts";
import { fileModeOf, type TreeItem } from "./tree.ts";

const blockBytes = 512;
/** The start of 2000: old enough for any build, young enough for zip, which begins in 1980. */
const modifiedSeconds = 946_684_800;
const longestName = 100;
const largestFile = 8 ** 11;
/** One folder at the top, as in the archives that projects publish: unpacking takes it away. */
const top = "source";

/**
 * Writes a POSIX tar (ustar; pax records for long names) of the items in their order: no owner, one
 * time for all, modes 644 and 755. The digest of a pinned git tree is the digest of this file, so
 * the format must never change.
 */
export function writeTreeArchive(
  disk: Disk,
  root: string,
  items: readonly TreeItem[],
  file: string,
): void {
  const writer = disk.openWriter(file);
  try {
    writeItem(writer, { path: `${top}/`, type: "5", mode: 0o755 });
    for (const item of items) {
      const path = `${top}/${item.path}`;
      if (item.type === "directory")
        writeItem(writer, { path: `${path}/`, type: "5", mode: 0o755 });
      else if (item.type === "link") {
        writeItem(writer, { path, type: "2", mode: 0o777, target: item.target });
      } else {
        const { sizeBytes } = item.status;
        writeItem(writer, { path, type: "0", mode: fileModeOf(item), sizeBytes });
        writeContent(disk, writer, `${root}/${item.path}`, sizeBytes);
      }
    }
    writer.write(Buffer.alloc(2 * blockBytes));
  } finally {
    writer.close();
  }
}

interface Header {
  readonly path: string;
  /** `0` file, `2` symlink, `5` directory, `x` pax records for the next header. */
  readonly type: "0" | "2" | "5" | "x";
  readonly mode: number;
  readonly sizeBytes?: number;
  readonly target?: string;
}

function writeItem(writer: FileWriter, header: Header): void {
  const records = [
    ...(isLong(header.path) ? [paxRecord("path", header.path)] : []),
    ...(isLong(header.target ?? "") ? [paxRecord("linkpath", header.target ?? "")] : []),
  ];
  if (records.length > 0) {
    const content = Buffer.concat(records);
    const sizeBytes = content.length;
    writer.write(headerBlock({ path: "pax", type: "x", mode: 0o644, sizeBytes }));
    writer.write(content);
    writer.write(padding(sizeBytes));
  }
  writer.write(headerBlock(header));
}

function writeContent(disk: Disk, writer: FileWriter, path: string, sizeBytes: number): void {
  let written = 0;
  for (const chunk of disk.readChunks(path)) {
    writer.write(chunk);
    written += chunk.length;
  }
  assert(written === sizeBytes, `${path} changed while it was read`);
  writer.write(padding(sizeBytes));
}

function headerBlock(header: Header): Buffer {
  const { path, type, mode, sizeBytes = 0, target = "" } = header;
  assert(sizeBytes < largestFile, `${path} is too large for a tar`);
  const block = Buffer.alloc(blockBytes);
  block.set(Buffer.from(path, "utf8").subarray(0, longestName), 0);
  block.write(octal(mode, 8), 100);
  block.write(octal(0, 8), 108);
  block.write(octal(0, 8), 116);
  block.write(octal(sizeBytes, 12), 124);
  block.write(octal(modifiedSeconds, 12), 136);
  block.write(" ".repeat(8), 148);
  block.write(type, 156);
  block.set(Buffer.from(target, "utf8").subarray(0, longestName), 157);
  block.write("ustar\x0000", 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return block;
}

/** A pax record begins with its own length, which counts its own digits. */
function paxRecord(key: string, value: string): Buffer {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest + 1;
  while (rest + String(length).length !== length) length += 1;
  return Buffer.from(`${length} ${key}=${value}\n`);
}

function isLong(text: string): boolean {
  return Buffer.byteLength(text) > longestName;
}

function octal(value: number, width: number): string {
  return `${value.toString(8).padStart(width - 1, "0")}\0`;
}

function padding(sizeBytes: number): Buffer {
  return Buffer.alloc((blockBytes - (sizeBytes % blockBytes)) % blockBytes);
}
