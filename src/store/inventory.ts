/** What lies in a store, what names what in it, and when each was used the last time. */
import { type Digest, fromRows, summarize, TenonError } from "../core/index.ts";
import { type Disk, isDiskError, readTextIfAny } from "../world/index.ts";
import type { StoreLayout } from "./layout.ts";

/** What takes room: an artifact, files that stand on one, a source, a clone. */
export interface Item {
  readonly kind: "artifact" | "made" | "source" | "clone";
  /** A digest, but for a clone. */
  readonly name: string;
  readonly path: string;
  readonly sizeBytes: number;
  /** Milliseconds since 1970. */
  readonly usedMs: number;
  /** What it is of no use without. */
  readonly needs: readonly string[];
}

/** A small file that says what is known: which artifact a key gave, where a wheel is unpacked. */
export interface NoteFile {
  readonly path: string;
  /** Whose it is: the digest in its name. */
  readonly name: string;
  readonly usedMs: number;
  /** All digests in its text: those of items are what it leads to. */
  readonly names: readonly string[];
}

export interface Inventory {
  readonly items: readonly Item[];
  readonly notes: readonly NoteFile[];
}

/** `known` has sizes of an earlier look: an item does not change. */
export function takeInventory(
  disk: Disk,
  layout: StoreLayout,
  known: ReadonlyMap<string, number> = new Map(),
): Inventory {
  const { root } = layout;
  const items: Item[] = [];
  const notes: NoteFile[] = [];
  const size = (path: string, measure: () => number): number => known.get(path) ?? measure();
  const list = (folder: string): { readonly name: string; readonly path: string }[] =>
    listAny(disk, `${root}/${folder}`).map((name) => ({ name, path: `${root}/${folder}/${name}` }));
  for (const { name, path } of list("artifacts")) {
    const file = layout.artifactManifest(name);
    const sizeBytes = size(path, () => sizeOfRows(disk, file, (value) => value));
    items.push({ kind: "artifact", name, path, sizeBytes, usedMs: timeOf(disk, file), needs: [] });
  }
  for (const { name, path } of list("made")) {
    const file = `${path}/made.json`;
    const sizeBytes = size(path, () => sizeOfRows(disk, file, (value) => value["rows"]));
    const needs = digestsIn(disk, file).slice(0, 1); // the base is written first
    items.push({ kind: "made", name, path, sizeBytes, usedMs: timeOf(disk, file), needs });
  }
  for (const { name, path } of list("sources")) {
    const { sizeBytes = 0, modifiedMs = 0 } = disk.status(path) ?? {};
    items.push({ kind: "source", name, path, sizeBytes, usedMs: modifiedMs, needs: [] });
  }
  for (const folder of ["keys", "relocated", "wheels", "crates", "git"]) {
    for (const { name, path } of list(folder)) {
      const usedMs = timeOf(disk, path);
      if (disk.status(path)?.type === "directory") {
        const sizeBytes = size(path, () => sizeOfTree(disk, path));
        items.push({ kind: "clone", name, path, sizeBytes, usedMs, needs: [] });
      } else {
        const ownName = /[0-9a-f]{64}/.exec(name)?.[0] ?? name;
        notes.push({ path, name: ownName, usedMs, names: digestsIn(disk, path) });
      }
    }
  }
  return { items, notes };
}

function listAny(disk: Disk, folder: string): string[] {
  try {
    return disk.list(folder).flatMap(({ name, rawName }) => (rawName === undefined ? [name] : []));
  } catch (error) {
    if (isDiskError(error, "ENOENT")) return [];
    throw error;
  }
}

function timeOf(disk: Disk, path: string): number {
  return disk.status(path)?.modifiedMs ?? 0;
}

function digestsIn(disk: Disk, file: string): Digest[] {
  return readTextIfAny(disk, file)?.match(/\b[0-9a-f]{64}\b/g) ?? [];
}

/** What is damaged has no size: it goes when its time has come. */
function sizeOfRows(
  disk: Disk,
  file: string,
  rowsIn: (value: Record<string, unknown>) => unknown,
): number {
  try {
    const value = JSON.parse(readTextIfAny(disk, file) ?? "[]") as Record<string, unknown>;
    return summarize(fromRows(rowsIn(value), file)).sizeBytes;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TenonError) return 0;
    throw error;
  }
}

function sizeOfTree(disk: Disk, path: string): number {
  const status = disk.status(path);
  if (status?.type !== "directory") return status?.type === "file" ? status.sizeBytes : 0;
  return listAny(disk, path).reduce((sum, name) => sum + sizeOfTree(disk, `${path}/${name}`), 0);
}
