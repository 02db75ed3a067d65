/**
 * An artifact's files as a prefix is to have them. Those that do not name the prefix are its own; the others are made once
 * for each prefix, and stand on it (`made.ts`): so nothing is ever written in its place, or made again for a second join.
 */
import {
  type Digest,
  joinPath,
  type Manifest,
  namesPrefix,
  type NamingFile,
  parentOf,
} from "../core/index.ts";
import { relocateFiles } from "../relocation/index.ts";
import { makeDirectories, removeTree, type World, writeAtomically } from "../world/index.ts";
import { readRelocated } from "./relocated-note.ts";
import type { Store } from "./store.ts";
import { writtenTimes } from "./written-times.ts";

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
    const entries = makeRelocated(world, store, { ...artifact, target, stage });
    if (entries === undefined) return undefined;
    const made = store.addMade({ base: id, entries }, stage);
    const writtenMs = writtenTimes(world, `${store.layout.made(made)}/tree`, entries);
    writeAtomically(world.disk, noteFile, `${JSON.stringify({ made, writtenMs })}\n`, {
      temporary: `${store.layout.scratch}/${world.clock.uniqueId()}`,
      durable: false,
    });
    return relocatedBy(store, manifest, { made, writtenMs, entries });
  } finally {
    store.removeScratch(scratch);
  }
}

/** Of files that were damaged after they had been made: they are made again the next time. */
export function dropRelocated({ disk }: World, store: Store, id: Digest, target: string): void {
  const noteFile = store.layout.relocated(id, target);
  const note = readRelocated(disk, noteFile);
  if (note === undefined) return;
  removeTree(disk, noteFile);
  store.dropMade(note.made);
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
function makeRelocated(
  { disk }: World,
  store: Store,
  { id, manifest, target, stage }: Relocating,
): NamingFile[] | undefined {
  const tree = store.layout.artifactTree(id);
  const folders = new Set<string>();
  return relocateFiles({
    files: manifest.filter(namesPrefix),
    target,
    contentOf: ({ path }) => disk.readFile(`${tree}/${path}`),
    made: ({ path, mode }, content) => {
      const folder = parentOf(path);
      if (!folders.has(folder)) makeDirectories(disk, joinPath(stage, folder));
      folders.add(folder);
      disk.createFile(`${stage}/${path}`, content, mode);
      disk.setTimes(`${stage}/${path}`, disk.status(`${tree}/${path}`)?.modifiedMs ?? 0);
    },
  });
}
