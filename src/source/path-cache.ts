/** The digests of files that have not changed since they were last read, kept between runs. */
import { type Digest, isDigest, isWithin } from "../core/index.ts";
import { readOwnFile } from "../prefix/index.ts";
import { makeDirectories, type Status, writeAtomically } from "../world/index.ts";
import type { SourceContext } from "./context.ts";

interface PathCache {
  /** The digest of a file's content, read only when the file may have changed. */
  digestOf(path: string, status: Status): Digest;
  /** Forgets what is gone below `root`, and writes what is new. */
  close(root: string, seen: ReadonlySet<string>): void;
}

/** The path is absolute; times and inode are what a change of the content changes as well. */
type Row = readonly [
  sizeBytes: number,
  modifiedMs: number,
  changedMs: number,
  inode: string,
  sha256: Digest,
];

type Rows = Map<string, Row>;

/**
 * A file may change twice within one tick of the file system's clock, and look unchanged after the
 * second time (git calls such an entry racy). So a file is remembered only when it was older than
 * this at the moment it was read: two seconds is the coarsest clock in use.
 */
const tickMs = 2_000;

const limitBytes = 256 << 20;

const known = new WeakMap<SourceContext, Rows>();

/** With no cache file in the context every file is read. */
export function openPathCache(context: SourceContext): PathCache {
  const { disk, clock } = context.world;
  const rows = known.get(context) ?? readRows(context);
  known.set(context, rows);
  let changed = false;
  return {
    digestOf: (path, status) => {
      const row = rows.get(path);
      if (row !== undefined && matches(row, status)) return row[4];
      const startMs = clock.now();
      const sha256 = disk.digestFile(path);
      const isSettled = Math.max(status.modifiedMs, status.changedMs) + tickMs < startMs;
      changed = rows.delete(path) || isSettled || changed;
      if (isSettled) rows.set(path, [...identityOf(status), sha256]);
      return sha256;
    },
    close: (root, seen) => {
      for (const path of rows.keys()) {
        if (isWithin(path, root) && !seen.has(path)) changed = rows.delete(path);
      }
      if (changed) writeRows(context, rows);
      changed = false;
    },
  };
}

function identityOf(status: Status): [number, number, number, string] {
  return [status.sizeBytes, status.modifiedMs, status.changedMs, String(status.inode)];
}

function matches(row: Row, status: Status): boolean {
  return identityOf(status).every((value, index) => value === row[index]);
}

function readRows(context: SourceContext): Rows {
  if (context.pathCacheFile === undefined) return new Map();
  try {
    const text =
      readOwnFile(context.world.disk, context.pathCacheFile, { limitBytes })?.toString() ?? "{}";
    const entries = Object.entries((JSON.parse(text) as Record<string, unknown> | null) ?? {});
    return new Map(entries.filter((entry): entry is [string, Row] => isRow(entry[1])));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return new Map(); // a damaged cache means only that everything is read again
  }
}

function isRow(value: unknown): value is Row {
  return Array.isArray(value) && typeof value[4] === "string" && isDigest(value[4]);
}

function writeRows(context: SourceContext, rows: Rows): void {
  const file = context.pathCacheFile;
  if (file === undefined) return;
  const { disk, clock } = context.world;
  makeDirectories(disk, file.slice(0, file.lastIndexOf("/")) || "/");
  const lines = [...rows].map(([path, row]) => `${JSON.stringify(path)}:${JSON.stringify(row)}`);
  writeAtomically(disk, file, `{\n${lines.join(",\n")}\n}\n`, {
    temporary: `${file}.${clock.uniqueId()}`,
    durable: false,
  });
}
