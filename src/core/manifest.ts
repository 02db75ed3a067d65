/** The manifest: the list of what a stage holds, and the digest that names an artifact. */
import { type Digest, digestOf, isDigest } from "./digest.ts";
import { assert, TenonError } from "./errors.ts";
import { compareText, pathDefect } from "./paths.ts";
import { firstWhere } from "./sorted.ts";

export type Entry = FileEntry | DirectoryEntry | LinkEntry;

export interface FileEntry {
  readonly type: "file";
  readonly path: string;
  /** Permission bits, 0 to 0o7777. */
  readonly mode: number;
  readonly sizeBytes: number;
  readonly sha256: Digest;
  /** Absent where the file does not name the prefix. */
  readonly relocation?: FileRelocation;
}

/** How a file that names the prefix comes to name another one. */
interface FileRelocation {
  /** Where it names it, in the form that the room `relocation/` reads and checks. */
  readonly map: RelocationRow;
  /** In a prefix: what the artifact has in the file's place. Absent in an artifact, which has that itself. */
  readonly original?: { readonly sizeBytes: number; readonly sha256: Digest };
}

/** A file that names the prefix. */
export type NamingFile = FileEntry & { readonly relocation: FileRelocation };

export function namesPrefix(entry: Entry): entry is NamingFile {
  return entry.type === "file" && entry.relocation !== undefined;
}

/** `["text", [12], [40, "bin/x"]]`: the file's form, then one array a place. */
type RelocationRow = readonly [string, ...(readonly (string | number)[])[]];

export interface DirectoryEntry {
  readonly type: "directory";
  readonly path: string;
  readonly mode: number;
}

export interface LinkEntry {
  readonly type: "link";
  readonly path: string;
  readonly target: string;
}

/** Sorted by path, each path once, every parent directory listed. */
export type Manifest = readonly Entry[];

export interface ManifestSummary {
  /** Files and links. */
  readonly files: number;
  readonly sizeBytes: number;
}

/** Sorts the entries and adds the directories that are implied but not listed (mode 0755). */
export function makeManifest(entries: Iterable<Entry>): Manifest {
  const byPath = new Map<string, Entry>();
  for (const entry of entries) {
    assert(!byPath.has(entry.path), `the manifest lists ${entry.path} twice`);
    byPath.set(entry.path, entry);
  }
  for (const entry of byPath.values()) {
    for (let at = entry.path.lastIndexOf("/"); at > 0; at = entry.path.lastIndexOf("/", at - 1)) {
      const path = entry.path.slice(0, at);
      const parent = byPath.get(path);
      if (parent === undefined) byPath.set(path, { type: "directory", path, mode: 0o755 });
      else
        assert(parent.type === "directory", `${entry.path} lies below ${path}, a ${parent.type}`);
    }
  }
  return [...byPath.values()].sort((a, b) => compareText(a.path, b.path));
}

/**
 * A manifest with more entries, and the directories that these imply; none of them may be in it. In the time that
 * the few take, not the many.
 */
export function addEntries(manifest: Manifest, added: Iterable<Entry>): Manifest {
  const all: Entry[] = [];
  let from = 0;
  const upTo = (path: string): number =>
    firstWhere({ from, to: manifest.length }, (at) => (manifest[at]?.path ?? "") >= path);
  for (const entry of makeManifest(added)) {
    const at = upTo(entry.path);
    for (; from < at; from += 1) all.push(manifest[from] as Entry);
    const known = manifest[at];
    const isKnown = known?.path === entry.path;
    assert(
      !isKnown || (entry.type === "directory" && known.type === "directory"),
      `the manifest lists ${entry.path} twice`,
    );
    if (!isKnown) all.push(entry);
  }
  for (; from < manifest.length; from += 1) all.push(manifest[from] as Entry);
  return all;
}

/** The artifact's id: covers paths, types, modes, contents and link targets; not times. */
export function digestOfManifest(manifest: Manifest): Digest {
  return digestOf(JSON.stringify(manifest.map(toRow)));
}

export function summarize(manifest: Manifest): ManifestSummary {
  let files = 0;
  let sizeBytes = 0;
  for (const entry of manifest) {
    if (entry.type === "directory") continue;
    files += 1;
    if (entry.type === "file") sizeBytes += entry.sizeBytes;
  }
  return { files, sizeBytes };
}

/** One array an entry: compact, readable, diffable. */
type ManifestRow =
  | readonly ["f", string, string, number, Digest]
  | readonly ["f", string, string, number, Digest, RelocationRow]
  | readonly ["f", string, string, number, Digest, RelocationRow, number, Digest]
  | readonly ["d", string, string]
  | readonly ["l", string, string];

export function toRow(entry: Entry): ManifestRow {
  switch (entry.type) {
    case "file": {
      const { path, mode, sizeBytes, sha256, relocation } = entry;
      const row = ["f", path, octal(mode), sizeBytes, sha256] as const;
      if (relocation === undefined) return row;
      const { map, original } = relocation;
      return original === undefined
        ? [...row, map]
        : [...row, map, original.sizeBytes, original.sha256];
    }
    case "directory":
      return ["d", entry.path, octal(entry.mode)];
    case "link":
      return ["l", entry.path, entry.target];
  }
}

/** Reads rows back; `origin` names the file they came from, for the error. */
export function fromRows(rows: unknown, origin: string): Manifest {
  if (!Array.isArray(rows)) throw damaged(origin, "the manifest is not a list");
  let previous = "";
  return rows.map((row: unknown, index) => {
    const entry = fromRow(row);
    if (entry === undefined) throw damaged(origin, `manifest row ${index} is not an entry`);
    const defect = pathDefect(entry.path);
    if (defect !== undefined) throw damaged(origin, `manifest row ${index}: the path ${defect}`);
    if (entry.path <= previous) throw damaged(origin, `manifest row ${index} is out of order`);
    previous = entry.path;
    return entry;
  });
}

/** Whether two entries are the same in all that counts; of two folders, nothing does. */
export function sameEntry(a: Entry, b: Entry): boolean {
  switch (a.type) {
    case "directory":
      return b.type === "directory";
    case "link":
      return b.type === "link" && a.target === b.target;
    case "file":
      return b.type === "file" && a.sha256 === b.sha256 && a.mode === b.mode;
  }
}

function fromRow(row: unknown): Entry | undefined {
  if (!Array.isArray(row)) return undefined;
  const [kind, path, third, sizeBytes, sha256, ...others] = row as unknown[];
  if (typeof path !== "string" || typeof third !== "string") return undefined;
  if (kind === "l") return { type: "link", path, target: third };
  const mode = /^[0-7]{1,4}$/.test(third) ? Number.parseInt(third, 8) : undefined;
  if (mode === undefined) return undefined;
  if (kind === "d") return { type: "directory", path, mode };
  if (kind !== "f" || !isSize(sizeBytes) || !isDigest(sha256)) return undefined;
  const entry: FileEntry = { type: "file", path, mode, sizeBytes, sha256 };
  if (others.length === 0) return entry;
  const relocation = relocationFrom(others);
  return relocation && { ...entry, relocation };
}

/** Whether a map fits its file is seen where it is used. */
function relocationFrom([map, sizeBytes, sha256, ...more]: unknown[]): FileRelocation | undefined {
  if (!Array.isArray(map) || more.length > 0) return undefined;
  const [form, ...places] = map as unknown[];
  if (typeof form !== "string" || !places.every((place) => Array.isArray(place))) return undefined;
  const row = map as unknown as RelocationRow;
  if (sizeBytes === undefined && sha256 === undefined) return { map: row };
  if (!isSize(sizeBytes) || !isDigest(sha256)) return undefined;
  return { map: row, original: { sizeBytes, sha256 } };
}

function isSize(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, "0");
}

function damaged(origin: string, what: string): TenonError {
  return new TenonError({
    kind: "machine",
    code: "MANIFEST_DAMAGED",
    message: `${origin} is damaged: ${what}`,
  });
}
