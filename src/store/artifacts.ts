/** The artifacts of a store: taken over whole, looked at before they are believed, dropped when they are damaged. */
import { type Digest, digestOfManifest, type Manifest } from "../core/index.ts";
import { isDiskError, removeTree, withWeakRenames, type World } from "../world/index.ts";
import { type DamagedFile, examine, type ExamineOptions, type SoundArtifact } from "./examine.ts";
import type { StoreLayout } from "./layout.ts";
import { manifestText, readIfSound, readManifest } from "./manifest-file.ts";
import { addSharer, isShared, type Sharer } from "./shared-files.ts";

export interface StoreOptions {
  readonly sync: boolean;
  /** Told of an artifact that is dropped because it is not as it was made. */
  readonly onDamage?: (files: readonly DamagedFile[]) => void;
}

export interface StorePlace extends StoreOptions {
  readonly world: World;
  readonly layout: StoreLayout;
  /** A path that nobody else uses. */
  readonly temporary: () => string;
}

export interface FinishedStage {
  readonly tree: string;
  readonly manifest: Manifest;
  /** A folder beside the tree, which is kept with it, and is not a part of what its digest is about. */
  readonly bytecode?: string;
}

export interface Artifacts {
  hasArtifact(id: Digest): boolean;
  /** Throws where it is missing, or not the one that the id is the digest of. */
  manifestOf(id: Digest): Manifest;
  /** The same, but an artifact without one is dropped and told of, and undefined. */
  findManifest(id: Digest, packageName?: string): Manifest | undefined;
  /**
   * Looks at each file of an artifact. One that is not as it was made is dropped and told of, and
   * undefined. `readAll` reads all files; else only those are read that were changed at all.
   */
  examine(id: Digest, options?: ExamineOptions): SoundArtifact | undefined;
  /** Takes a finished stage over (it is moved) and returns its artifact id. Repeating is a no-op. */
  addArtifact(tree: string, manifest: Manifest): Digest;
  /** The same for many, with one wait for the disk. */
  addArtifacts(finished: readonly FinishedStage[]): Digest[];
  /**
   * The same while others go on. A power loss soon after may take the artifact, as a whole; it is
   * safe after the next `settle`.
   */
  addArtifactAside(finished: FinishedStage): Promise<Digest>;
  /** Makes what was added aside, and the keys, survive a power loss. */
  settle(): Promise<void>;
  /** Whether an artifact is here; one that a prefix shares, and that was edited there, is dropped. */
  isAsBuilt(id: Digest, options?: ExamineOptions): boolean;
  /** Whether somebody may hold hard links to an artifact's files, and edit them at any moment. */
  isShared(id: Digest): boolean;
  /** To be called before hard links to an artifact's files are made in a prefix. */
  share(id: Digest, sharer: Sharer): void;
}

export function openArtifacts(place: StorePlace): Artifacts {
  const { world, layout, sync } = place;
  const { disk } = world;
  const look = (id: Digest, options: ExamineOptions = {}): SoundArtifact | undefined =>
    lookAt(place, id, options);
  const addAll = (finished: readonly FinishedStage[]): Digest[] => {
    const arrivals = finished.map((each) => prepare(place, each));
    const isNew = arrivals.some(({ incoming }) => incoming !== undefined);
    if (isNew && sync) disk.syncFileSystem(layout.scratch);
    for (const arrival of arrivals) arrive(place, arrival);
    if (isNew && sync) disk.syncDirectory(`${layout.root}/artifacts`);
    return arrivals.map(({ id }) => id);
  };
  return {
    hasArtifact: (id) => hasArtifact(place, id),
    manifestOf: (id) => readManifest(disk, layout, id),
    findManifest: (id, name) =>
      readIfSound(disk, layout, id) ??
      look(id, name === undefined ? {} : { package: name })?.manifest,
    examine: look,
    addArtifact: (tree, manifest) => addAll([{ tree, manifest }])[0] as Digest,
    addArtifacts: addAll,
    addArtifactAside: async (finished) => {
      const arrival = prepare(place, finished);
      if (arrival.incoming !== undefined && sync) await disk.syncFileSystemAside(layout.scratch);
      arrive(place, arrival);
      return arrival.id;
    },
    settle: async () => {
      if (sync) await disk.syncFileSystemAside(layout.scratch);
    },
    isAsBuilt: (id, options) =>
      isShared(disk, layout, id) ? look(id, options) !== undefined : hasArtifact(place, id),
    isShared: (id) => isShared(disk, layout, id),
    share: (id, sharer) => addSharer(world, layout, id, sharer),
  };
}

function hasArtifact({ world, layout }: StorePlace, id: Digest): boolean {
  return world.disk.status(layout.artifactManifest(id))?.type === "file";
}

function lookAt(place: StorePlace, id: Digest, options: ExamineOptions): SoundArtifact | undefined {
  const { world, layout } = place;
  if (!hasArtifact(place, id)) return undefined;
  const found = examine(world, layout, id, options);
  if ("manifest" in found) return found;
  drop(place, layout.artifact(id));
  place.onDamage?.(found.damages);
  return undefined;
}

/** A finished stage on its way into the store. */
interface Arrival {
  readonly id: Digest;
  /** Its folder, with all that an artifact has; undefined where the store has it already. */
  readonly incoming: string | undefined;
}

function prepare(place: StorePlace, { tree, manifest, bytecode }: FinishedStage): Arrival {
  const { disk } = place.world;
  const id = digestOfManifest(manifest);
  if (lookAt(place, id, {}) !== undefined) {
    removeTree(disk, tree);
    return { id, incoming: undefined };
  }
  const incoming = place.temporary();
  disk.makeDirectory(incoming);
  disk.rename(tree, `${incoming}/tree`);
  if (bytecode !== undefined) disk.rename(bytecode, `${incoming}/bytecode`);
  disk.createFile(`${incoming}/manifest.json`, manifestText(manifest));
  return { id, incoming };
}

function arrive(place: StorePlace, { id, incoming }: Arrival): void {
  if (incoming === undefined) return;
  const isThere = (): boolean => hasArtifact(place, id);
  moveIn(place, incoming, { folder: place.layout.artifact(id), isThere });
}

/** Another process may have added the same meanwhile: then ours is not needed. */
export function moveIn(
  place: StorePlace,
  incoming: string,
  { folder, isThere }: { readonly folder: string; readonly isThere: () => boolean },
): void {
  const { world } = place;
  if (moveInOnce(world, incoming, folder)) return;
  if (!isThere()) {
    drop(place, folder); // what is left of one
    if (moveInOnce(world, incoming, folder)) return;
  }
  removeTree(world.disk, incoming);
}

/**
 * False where something is there. No artifact's folder is empty, so none is replaced where the file
 * system has no RENAME_NOREPLACE.
 */
function moveInOnce(world: World, incoming: string, destination: string): boolean {
  try {
    withWeakRenames(world.disk).renameNoReplace(incoming, destination);
    return true;
  } catch (error) {
    if (!isDiskError(error, "EEXIST", "ENOTEMPTY")) throw error;
    return false;
  }
}

/** In one step, so that nobody takes what is left of it for an artifact. */
export function drop(
  { world: { disk }, temporary }: Pick<StorePlace, "world" | "temporary">,
  folder: string,
): void {
  const dropped = temporary();
  try {
    disk.rename(folder, dropped);
  } catch (error) {
    if (isDiskError(error, "ENOENT")) return; // another process was faster
    throw error;
  }
  removeTree(disk, dropped);
}
