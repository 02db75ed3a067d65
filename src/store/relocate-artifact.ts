/**
 * An artifact's files as a prefix is to have them. Those that do not name the prefix are its own; the others are made once
 * for each prefix, and stand on it (`made.ts`): so nothing is ever written in its place, or made again for a second join.
 */
import {
  type Digest,
  digestOf,
  type Manifest,
  namesPrefix,
  type NamingFile,
  parentOf,
} from "../core/index.ts";
import {
  fromMapRow,
  isRecordPath,
  listedFiles,
  relocate,
  type Relocation,
  undoRelocation,
} from "../relocation/index.ts";
import { makeDirectories, type World, writeAtomically } from "../world/index.ts";
import { readRelocated } from "./relocated-note.ts";
import type { Store } from "./store.ts";

export interface RelocatedArtifact {
  /** What the prefix has, and of each relocated file what the artifact has in its place. */
  readonly manifest: Manifest;
  /** Absent where no file names the prefix. */
  readonly made?: {
    readonly tree: string;
    readonly paths: ReadonlySet<string>;
    readonly writtenMs: readonly [number, number];
  };
}

/**
 * Makes what is not made yet. `target` is the prefix's path, of which `targetDefect` finds nothing. Undefined where a
 * file is not what its map was made of: then the artifact is damaged.
 */
export function relocateArtifact(
  world: World,
  store: Store,
  artifact: { readonly id: Digest; readonly manifest: Manifest },
  target: string,
): RelocatedArtifact | undefined {
  const { id, manifest } = artifact;
  if (!manifest.some(namesPrefix)) return { manifest };
  const noteFile = store.layout.relocated(id, target);
  const note = readRelocated(world.disk, noteFile);
  const known = note && store.findMade(note.made);
  if (note !== undefined && known?.base === id)
    return relocatedBy(store, manifest, { ...note, entries: known.entries });
  const scratch = `relocate-${world.clock.uniqueId()}`;
  const stage = `${store.makeScratch(scratch)}/tree`;
  try {
    const entries = relocateFiles(world, store, { ...artifact, target, stage });
    if (entries === undefined) return undefined;
    const made = store.addMade({ base: id, entries }, stage);
    const writtenMs = timesOf(world, `${store.layout.made(made)}/tree`, entries);
    writeAtomically(world.disk, noteFile, `${JSON.stringify({ made, writtenMs })}\n`, {
      temporary: `${store.layout.scratch}/${world.clock.uniqueId()}`,
      durable: false,
    });
    return relocatedBy(store, manifest, { made, writtenMs, entries });
  } finally {
    store.removeScratch(scratch);
  }
}

function relocatedBy(
  store: Store,
  manifest: Manifest,
  { made, writtenMs, entries }: MadeForPrefix,
): RelocatedArtifact {
  const byPath = new Map(entries.map((entry) => [entry.path, entry]));
  return {
    manifest: manifest.map((entry) => byPath.get(entry.path) ?? entry),
    made: { tree: `${store.layout.made(made)}/tree`, paths: new Set(byPath.keys()), writtenMs },
  };
}

interface MadeForPrefix {
  readonly made: Digest;
  readonly writtenMs: readonly [number, number];
  readonly entries: Manifest;
}

interface Relocating {
  readonly id: Digest;
  readonly manifest: Manifest;
  readonly target: string;
  /** Where nothing is. */
  readonly stage: string;
}

/** In the manifest's order. */
function relocateFiles(
  world: World,
  store: Store,
  { id, manifest, target, stage }: Relocating,
): NamingFile[] | undefined {
  const { disk } = world;
  const tree = store.layout.artifactTree(id);
  const made = new Map<string, NamingFile>();
  const naming = manifest.filter(namesPrefix);
  const isLast = ({ path }: NamingFile): boolean => isRecordPath(path); // it says what the others are
  disk.makeDirectory(stage);
  for (const entry of [...naming.filter((each) => !isLast(each)), ...naming.filter(isLast)]) {
    const { path, mode } = entry;
    const fileOf = listedFiles(path, (other) => made.get(other));
    const content = relocateContent(disk.readFile(`${tree}/${path}`), entry, { target, fileOf });
    if (content === undefined) return undefined;
    makeDirectories(disk, `${stage}/${parentOf(path)}`);
    disk.createFile(`${stage}/${path}`, content, mode);
    disk.setTimes(`${stage}/${path}`, disk.status(`${tree}/${path}`)?.modifiedMs ?? 0);
    const { sizeBytes, sha256 } = entry;
    const relocation = { map: entry.relocation.map, original: { sizeBytes, sha256 } };
    made.set(path, {
      ...entry,
      sizeBytes: content.length,
      sha256: digestOf(content),
      relocation,
    });
  }
  return naming.flatMap(({ path }) => made.get(path) ?? []);
}

/** What cannot be undone could never be traced to the artifact again (I14): such a map is refused. */
function relocateContent(
  content: Uint8Array,
  { sizeBytes, sha256, relocation: { map: row } }: NamingFile,
  how: Relocation,
): Uint8Array | undefined {
  const map = fromMapRow(row, sizeBytes);
  if (map === undefined || digestOf(content) !== sha256) return undefined;
  const relocated = relocate(content, map, how);
  const back = relocated && undoRelocation(relocated, map, how);
  return back !== undefined && digestOf(back) === sha256 ? relocated : undefined;
}

function timesOf({ disk }: World, tree: string, manifest: Manifest): [number, number] {
  const times = manifest.map(({ path }) => disk.status(`${tree}/${path}`)?.modifiedMs ?? 0);
  return [Math.floor(Math.min(...times)), Math.ceil(Math.max(...times))];
}
