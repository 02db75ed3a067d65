/** Of a stage that was made at the placeholder: where its files name that, and what of it cannot name another prefix. */
import type { FileEntry, Manifest } from "../core/index.ts";
import { unpackForeign } from "../archive/index.ts";
import {
  type FilePin,
  findInName,
  findPlaces,
  findRows,
  pathOfRow,
  type MapPlace,
  type RelocationMap,
  toMapRow,
} from "../relocation/index.ts";
import { replaceContent } from "../stage/index.ts";
import { readText, type World } from "../world/index.ts";
import { isRecord, renewRecords } from "./independent.ts";

export interface Mapped {
  /** With a map of each file that names the placeholder. */
  readonly manifest: Manifest;
  /** Where there are any, the package cannot be relocated. */
  readonly pins: readonly FilePin[];
}

interface ToMap {
  readonly stage: string;
  readonly manifest: Manifest;
  /** The files that may name it. */
  readonly naming: readonly string[];
  /** A path where nothing is. */
  readonly temporary: string;
}

/** May write files anew, as what is in them is then to be found. */
export async function mapPlaces(world: World, toMap: ToMap): Promise<Mapped> {
  const { stage, manifest, temporary } = toMap;
  const { disk } = world;
  const naming = new Set(toMap.naming);
  const maps = new Map<string, RelocationMap>();
  const rewritten = new Map<string, FileEntry>();
  const pins = manifest.flatMap((entry) =>
    [entry.path, ...(entry.type === "link" ? [entry.target] : [])]
      .flatMap(findInName)
      .map((pin) => ({ path: entry.path, ...pin })),
  );
  for (const entry of manifest) {
    const { path, type } = entry;
    if (type !== "file" || !naming.has(path)) continue;
    const content = disk.readFile(`${stage}/${path}`);
    const file = { world, file: `${stage}/${path}`, name: path, temporary };
    const unpacked = await unpackForeign(file, content);
    const found = findPlaces(content, () => unpacked);
    pins.push(...found.pins.map((pin) => ({ path, ...pin })));
    if (found.map !== undefined) maps.set(path, found.map);
    if (found.rewritten !== undefined)
      rewritten.set(path, replaceContent(disk, stage, { entry, content: found.rewritten }));
  }
  for (const entry of renewRecords(disk, stage, { manifest, files: [...rewritten.values()] }))
    rewritten.set(entry.path, entry);
  for (const { path } of manifest.filter(isRecord)) {
    const map = withRows(maps.get(path), rowsOf(readText(disk, `${stage}/${path}`), path, maps));
    if (map !== undefined) maps.set(path, map);
  }
  return {
    manifest: manifest.map((entry) => withMap(rewritten.get(entry.path) ?? entry, maps)),
    pins,
  };
}

function withMap(
  entry: Manifest[number],
  maps: ReadonlyMap<string, RelocationMap>,
): Manifest[number] {
  const map = maps.get(entry.path);
  return map === undefined || entry.type !== "file"
    ? entry
    : { ...entry, relocation: { map: toMapRow(map) } };
}

/** The rows of RECORD whose files are others in each prefix. */
function rowsOf(text: string, record: string, maps: ReadonlyMap<string, unknown>): MapPlace[] {
  return findRows(text, (row) => maps.has(pathOfRow(record, row)));
}

function withRows(
  map: RelocationMap | undefined,
  rows: readonly MapPlace[],
): RelocationMap | undefined {
  if (rows.length === 0) return map;
  const places = [...(map?.places ?? []), ...rows].toSorted((a, b) => a.offset - b.offset);
  return { form: "text", places };
}
