/** The packages of a prefix as their artifacts have them, at the placeholder: from there they can go to any prefix. */
import {
  digestOf,
  digestOfManifest,
  type FileEntry,
  type Manifest,
  namesPrefix,
  typedWord,
  startDigest,
  TenonError,
} from "../core/index.ts";
import { memberSeconds, type PortablePackage, transactionOf } from "../bundle/index.ts";
import { carriedOf, type Incoming } from "../install/index.ts";
import type { PackageRecord, PrefixLayout } from "../prefix/index.ts";
import {
  artifactEntry,
  type EntryAt,
  findPlaces,
  findRows,
  isRecordPath,
  originalOf,
  pathOfRow,
  placeholder,
  type RelocationMap,
  toMapRow,
} from "../relocation/index.ts";
import { type Disk, isDiskError, type Status, type World } from "../world/index.ts";
import { planPackages } from "./moving/plan-packages.ts";
import { describeLeft, type LeftPlace } from "./moving/rename-file.ts";

/**
 * Reads files of the prefix; changes nothing. What nobody knows the places of is searched for the prefix's path. Throws
 * where something can name no other prefix, with each place.
 */
export async function portablePackages(
  world: World,
  layout: PrefixLayout,
  records: readonly PackageRecord[],
): Promise<PortablePackage[]> {
  const { prefix } = layout;
  for (const record of records) requireFiles(world.disk, prefix, record);
  const temporary = `${prefix}/.tenon-${world.clock.uniqueId()}`;
  const tree = { root: prefix, from: prefix, to: placeholder, temporary };
  const { add, left } = await planPackages({ world, tree, traced: prefix, records }, "copy");
  const packages = add.map((incoming, index) =>
    mapPackage(incoming, { record: records[index] as PackageRecord, left }),
  );
  if (left.length > 0) throw bound(prefix, left);
  const transaction = transactionOf(packages.map(({ artifact }) => artifact));
  return packages.map((each, index) =>
    portable(world, layout, { ...each, transaction, recorded: records[index]?.manifest ?? [] }),
  );
}

/** What is not there as a file of its size is not read at all: it may be a pipe, or have no end. */
function requireFiles(disk: Disk, prefix: string, { name, manifest }: PackageRecord): void {
  for (const entry of manifest) {
    if (entry.type !== "file") continue;
    const status = statusIfAny(disk, `${prefix}/${entry.path}`);
    if (status?.type !== "file" || status.sizeBytes !== entry.sizeBytes)
      throw notAsRecorded(name, entry.path, prefix);
  }
}

/** Links that lead in a circle lead to nothing. */
function statusIfAny(disk: Disk, path: string): Status | undefined {
  try {
    return disk.status(path);
  } catch (error) {
    if (isDiskError(error, "ELOOP")) return undefined;
    throw error;
  }
}

interface Mapping {
  readonly record: PackageRecord;
  readonly left: readonly LeftPlace[];
}

/** With maps of what a search has put at the placeholder, and without what a prefix has in the files' place. */
function mapPackage(incoming: Incoming, { record, left }: Mapping): Incoming {
  const places = left as LeftPlace[];
  const { name, rewritten = new Map() } = incoming;
  const maps = new Map<string, RelocationMap>();
  for (const [path, file] of rewritten) {
    if (record.manifest.some((entry) => entry.path === path && namesPrefix(entry))) continue;
    const { map, pins } = findPlaces(file.content());
    places.push(...pins.map((pin) => ({ package: name, path, ...pin })));
    if (map !== undefined) maps.set(path, map);
  }
  if (maps.size === 0)
    return { ...incoming, artifact: record.artifact, manifest: artifactManifest(incoming, record) };
  for (const path of [...rewritten.keys()].filter(isRecordPath))
    withRows(path, Buffer.from(rewritten.get(path)?.content() ?? "").toString(), maps);
  const manifest = artifactManifest(incoming, record).map((entry) => {
    const map = maps.get(entry.path);
    return map === undefined || entry.type !== "file"
      ? entry
      : { ...entry, relocation: { map: toMapRow(map) } };
  });
  return { ...incoming, artifact: digestOfManifest(manifest), manifest };
}

/** A file that has a map is what its record says that the artifact has. */
function artifactManifest({ manifest }: Incoming, record: PackageRecord): Manifest {
  const mapped = new Map(record.manifest.filter(namesPrefix).map((entry) => [entry.path, entry]));
  return manifest.map((entry) => {
    const recorded = mapped.get(entry.path);
    return (recorded && artifactEntry(recorded)) ?? entry;
  });
}

function withRows(record: string, text: string, maps: Map<string, RelocationMap>): void {
  const rows = findRows(text, (row) => maps.has(pathOfRow(record, row)));
  if (rows.length === 0) return;
  const places = [...(maps.get(record)?.places ?? []), ...rows];
  maps.set(record, { form: "text", places: places.toSorted((a, b) => a.offset - b.offset) });
}

interface Portable extends Incoming {
  readonly transaction: string;
  /** As the prefix has it. */
  readonly recorded: Manifest;
}

function portable(
  { disk }: World,
  { prefix }: PrefixLayout,
  { transaction, recorded, ...incoming }: Portable,
): PortablePackage {
  const { name, rewritten } = incoming;
  const mapped = new Map(recorded.filter(namesPrefix).map((entry) => [entry.path, entry]));
  const entryAt: EntryAt = (path) => mapped.get(path);
  const place = ({ path }: FileEntry): string => `${prefix}/${path}`;
  return {
    record: {
      ...carriedOf(incoming),
      pins: [],
      installedAtMs: memberSeconds * 1000,
      transaction,
      found: [],
      manifest: incoming.manifest,
    },
    contentOf: (entry) => {
      const known = mapped.get(entry.path);
      const content = known
        ? originalOf(disk.readFile(place(entry)), known, { target: prefix, entryAt })
        : (rewritten?.get(entry.path)?.content() ?? disk.readFile(place(entry)));
      if (content === undefined || digestOf(content) !== entry.sha256)
        throw notAsRecorded(name, entry.path, prefix);
      return content;
    },
    *chunksOf(entry) {
      const digest = startDigest();
      for (const chunk of disk.readChunks(place(entry))) {
        digest.update(chunk);
        yield chunk;
      }
      if (digest.digest() !== entry.sha256) throw notAsRecorded(name, entry.path, prefix);
    },
  };
}

export function notAsRecorded(name: string, path: string, prefix: string): TenonError {
  return new TenonError({
    kind: "conflict",
    code: "NOT_AS_RECORDED",
    message: `${path} is not as the package ${name} has brought it`,
    hints: [`Put it right with \`tenon verify --repair --prefix ${typedWord(prefix)}\`.`],
  });
}

const shownPlaces = 10;

function bound(prefix: string, left: readonly LeftPlace[]): TenonError {
  const shown = left.slice(0, shownPlaces).map((each) => `  ${describeLeft(each)}`);
  const more = left.length - shown.length;
  const cures = new Set(left.map(({ cure }) => cure));
  return new TenonError({
    kind: "recipe",
    code: "BOUND_TO_PREFIX",
    message: [
      `these files can name no other prefix than ${prefix}, so nothing was bundled:`,
      ...shown,
      ...(more > 0 ? [`  and ${more} more`] : []),
    ],
    hints: [...cures],
  });
}
