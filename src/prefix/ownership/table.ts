/**
 * A table of who lists which path: an immutable file, sorted, that is searched without reading it.
 * The first line is a JSON list of the packages that it covers. Each further line is a row: the
 * path's key, NUL, the package. Rows are sorted by key, then package.
 */
import { compareText } from "../../core/index.ts";
import type { Disk } from "../../world/index.ts";

export interface Row {
  readonly key: string;
  readonly owner: string;
}

/** A path on one line. */
export function keyOf(path: string): string {
  return /[\\\n]/.test(path) ? path.replaceAll("\\", "\\\\").replaceAll("\n", "\\n") : path;
}

export function compareRows(a: Row, b: Row): number {
  return compareText(a.key, b.key) || compareText(a.owner, b.owner);
}

/** What a search reads at once. */
const blockBytes = 1 << 13;
const pieceBytes = 1 << 16;
const lineFeed = 0x0a;
/** Of the line that lists the packages, and of all others. */
const longestListBytes = 1 << 24;
const longestRowBytes = 1 << 16;

export interface Written {
  readonly rows: number;
  readonly sizeBytes: number;
}

/** Rows must come sorted. Durable when it returns: a torn table would hide owners. */
export function writeTable(
  disk: Disk,
  file: string,
  packages: readonly string[],
  rows: Iterable<Row>,
): Written {
  const writer = disk.openWriter(file);
  let count = 0;
  let sizeBytes = 0;
  let piece = `${JSON.stringify(packages)}\n`;
  const flush = (): void => {
    const bytes = Buffer.from(piece);
    writer.write(bytes);
    sizeBytes += bytes.length;
    piece = "";
  };
  try {
    for (const { key, owner } of rows) {
      piece += `${key}\0${owner}\n`;
      count += 1;
      if (piece.length > pieceBytes) flush();
    }
    flush();
    writer.sync();
  } finally {
    writer.close();
  }
  return { rows: count, sizeBytes };
}

/** All of a table, in its order. */
export function readTable(
  disk: Disk,
  file: string,
): { readonly packages: readonly string[]; readonly rows: Iterable<Row> } {
  const lines = linesOf(disk.readChunks(file));
  return { packages: parsePackages(lines.next().value || undefined), rows: rowsOf(lines) };
}

/** A damaged list covers nothing, so that the packages are looked for elsewhere. */
function parsePackages(line: string | undefined): string[] {
  try {
    const value: unknown = JSON.parse(line ?? "");
    return Array.isArray(value) ? value.filter((name) => typeof name === "string") : [];
  } catch {
    return [];
  }
}

function* rowsOf(lines: Iterable<string>): Iterable<Row> {
  for (const line of lines) yield rowOf(line);
}

function* linesOf(chunks: Iterable<Uint8Array>): Generator<string, void> {
  let rest: Buffer = Buffer.alloc(0);
  for (const chunk of chunks) {
    const bytes = Buffer.concat([rest, chunk]);
    const end = bytes.lastIndexOf(lineFeed) + 1;
    yield* bytes.toString("utf8", 0, end).split("\n").slice(0, -1);
    rest = bytes.subarray(end);
    if (rest.length > longestListBytes) return; // no table of ours
  }
}

interface OwnerTable {
  /** The packages that list a path, read as they are asked for. */
  owners(path: string): Iterable<string>;
}

export function openTable(disk: Disk, file: string, sizeBytes: number): OwnerTable {
  const blocks = new Map<number, Buffer>();
  const blockAt = (number: number): Buffer => {
    let block = blocks.get(number);
    if (block === undefined) {
      const bytes = disk.readSlice(file, number * blockBytes, blockBytes);
      block = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      blocks.set(number, block);
    }
    return block;
  };
  /** From the first line that starts at or after a place, each line with where it ends. */
  function* linesFrom(offset: number): Generator<{ line: string; end: number }, void> {
    let rest: Buffer = Buffer.alloc(0);
    let isWhole = false;
    let position = Math.max(0, offset - 1); // a line starts at the place if a line feed is before it
    while (position < sizeBytes) {
      const start = position % blockBytes;
      const block = blockAt((position - start) / blockBytes).subarray(start);
      if (block.length === 0) return; // the file is shorter than it was
      for (let from = 0; ;) {
        const at = block.indexOf(lineFeed, from);
        if (at < 0) {
          if (isWhole) rest = Buffer.concat([rest, block.subarray(from)]);
          break;
        }
        const line = Buffer.concat([rest, block.subarray(from, at)]).toString();
        rest = Buffer.alloc(0);
        from = at + 1;
        if (isWhole) yield { line, end: position + from };
        isWhole = true;
      }
      if (rest.length > longestRowBytes) return; // no row of ours
      position += block.length;
    }
  }
  return {
    *owners(path) {
      const wanted = keyOf(path);
      let low = 1; // the line of the packages is no row
      let high = sizeBytes;
      while (high - low > blockBytes) {
        const middle = Math.floor((low + high) / 2);
        const { value } = linesFrom(middle).next();
        if (value !== undefined && compareText(keyIn(value.line), wanted) < 0) low = value.end;
        else high = middle;
      }
      for (const { line } of linesFrom(low)) {
        const order = compareText(keyIn(line), wanted);
        if (order === 0) yield rowOf(line).owner;
        if (order > 0) return;
      }
    },
  };
}

function keyIn(line: string): string {
  return line.slice(0, line.indexOf("\0"));
}

function rowOf(line: string): Row {
  const key = keyIn(line);
  return { key, owner: line.slice(key.length + 1) };
}
