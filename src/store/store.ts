/** The store: artifacts, sources and the key→artifact table of this machine. */
import {
  type Digest,
  digestOfManifest,
  isDigest,
  type Manifest,
  type StrayLibrary,
} from "../core/index.ts";
import {
  exists,
  isDiskError,
  type Lock,
  readTextIfAny,
  removeTree,
  withWeakRenames,
  type World,
  writeAtomically,
} from "../world/index.ts";
import { layoutOf, type StoreLayout } from "./layout.ts";
import { inStore, makeStore, requireStore } from "./make-store.ts";
import { manifestText, readIfSound, readManifest } from "./manifest-file.ts";
import { type DamagedFile, examine, type ExamineOptions, type SoundArtifact } from "./examine.ts";
import { type Made, madeId, madeText, readMade, treesOf } from "./made.ts";
import { addSharer, isShared, type Sharer } from "./shared-files.ts";

/** What building a package key gave. */
export interface KeyRecord {
  readonly artifact: Digest;
  readonly package: string;
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly builtAtMs: number;
  readonly durationMs: number;
  /** The digest of the check that the artifact has passed. */
  readonly checked?: Digest;
  /** What the loader will not find of it; absent where nobody has looked. */
  readonly libraries?: readonly StrayLibrary[];
}

export interface Store {
  readonly layout: StoreLayout;
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
  /** Where the files of an artifact lie, or of what stands on one: each in the first tree that has it. */
  treesOf(id: Digest): string[];
  /** Undefined where it is missing or damaged. */
  findMade(id: Digest): Made | undefined;
  /** Takes the tree over (it is moved). A power loss may take it: then it is made again. */
  addMade(made: Made, tree: string): Digest;
  dropMade(id: Digest): void;
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
  isAsBuilt(id: Digest): boolean;
  /** Whether somebody may hold hard links to an artifact's files, and edit them at any moment. */
  isShared(id: Digest): boolean;
  /** To be called before hard links to an artifact's files are made in a prefix. */
  share(id: Digest, sharer: Sharer): void;
  /** The record of a key whose artifact is still here as it was built. */
  lookUp(key: Digest): KeyRecord | undefined;
  /** A power loss may take it until `settle`: then its package is built again. */
  recordKey(key: Digest, record: KeyRecord): void;
  /** Its package is then built again. */
  forgetKey(key: Digest): void;
  hasSource(sha256: Digest): boolean;
  /** Takes a checked file over (it is moved); `file` lies in a scratch folder of this store. */
  addSource(file: string, sha256: Digest): void;
  /** An empty folder on the store's file system; what an interrupted run left there is removed. */
  makeScratch(name: string): string;
  removeScratch(name: string): void;
  /** Removes every scratch folder whose name starts so: what a killed run has left. */
  removeScratchOf(start: string): void;
  /** A kernel lock; undefined while another process has it. */
  tryLock(name: string): Lock | undefined;
  /** What the holder of a lock said of itself; empty when unknown. */
  holderOf(name: string): string;
}

export interface FinishedStage {
  readonly tree: string;
  readonly manifest: Manifest;
  /** A folder beside the tree, which is kept with it, and is no part of what its digest is about. */
  readonly bytecode?: string;
}

export interface StoreOptions {
  readonly sync: boolean;
  /** Told of an artifact that is dropped because it is not as it was made. */
  readonly onDamage?: (files: readonly DamagedFile[]) => void;
}

/** Throws a TenonError where no place for it was named, or none can be made there. */
export function openStore(
  world: World,
  place: string | undefined,
  storeOptions: StoreOptions,
): Store {
  const { disk } = world;
  const root = requireStore(place);
  const layout = layoutOf(root);
  const temporary = (): string => `${layout.scratch}/${world.clock.uniqueId()}`;
  makeStore(world, layout);

  const hasArtifact = (id: Digest): boolean =>
    disk.status(layout.artifactManifest(id))?.type === "file";
  const look = (id: Digest, options: ExamineOptions = {}): SoundArtifact | undefined => {
    if (!hasArtifact(id)) return undefined;
    const found = examine(world, layout, id, options);
    if ("manifest" in found) return found;
    drop(world, layout.artifact(id), temporary());
    storeOptions.onDamage?.(found.damages);
    return undefined;
  };
  const isAsBuilt = (id: Digest, options: ExamineOptions = {}): boolean =>
    isShared(disk, layout, id) ? look(id, options) !== undefined : hasArtifact(id);

  /** Its folder, with all that an artifact has; undefined where the store has it already. */
  const prepare = ({ id, ...finished }: FinishedStage & { readonly id: Digest }) => {
    const { tree, manifest, bytecode } = finished;
    if (look(id) !== undefined) {
      removeTree(disk, tree);
      return undefined;
    }
    const incoming = temporary();
    disk.makeDirectory(incoming);
    disk.rename(tree, `${incoming}/tree`);
    if (bytecode !== undefined) disk.rename(bytecode, `${incoming}/bytecode`);
    disk.createFile(`${incoming}/manifest.json`, manifestText(manifest));
    return { id, incoming };
  };
  /** Another process may have added the same artifact meanwhile: then ours is not needed. */
  const moveIn = (id: Digest, incoming: string): void => {
    if (moveInOnce(world, incoming, layout.artifact(id))) return;
    if (!hasArtifact(id)) {
      drop(world, layout.artifact(id), temporary()); // what is left of one
      if (moveInOnce(world, incoming, layout.artifact(id))) return;
    }
    removeTree(disk, incoming);
  };
  const add = (finished: readonly (FinishedStage & { readonly id: Digest })[]): void => {
    const arrivals = finished.flatMap((each) => prepare(each) ?? []);
    if (arrivals.length === 0) return;
    if (storeOptions.sync) disk.syncFileSystem(layout.scratch);
    for (const { id, incoming } of arrivals) moveIn(id, incoming);
    if (storeOptions.sync) disk.syncDirectory(`${root}/artifacts`);
  };

  return {
    layout,
    hasArtifact,
    manifestOf: (id) => readManifest(disk, layout, id),
    findManifest: (id, name) =>
      readIfSound(disk, layout, id) ??
      look(id, name === undefined ? {} : { package: name })?.manifest,
    examine: look,
    treesOf: (id) => treesOf(disk, layout, id),
    findMade: (id) => readMade(disk, layout, id),
    addMade: (made, tree) => {
      const id = madeId(made);
      const incoming = temporary();
      disk.makeDirectory(incoming);
      disk.rename(tree, `${incoming}/tree`);
      disk.createFile(`${incoming}/made.json`, madeText(made));
      if (!moveInOnce(world, incoming, layout.made(id))) removeTree(disk, incoming);
      return id;
    },
    dropMade: (id) => drop(world, layout.made(id), temporary()),
    addArtifact: (tree, manifest) => {
      const id = digestOfManifest(manifest);
      add([{ id, tree, manifest }]);
      return id;
    },
    addArtifacts: (finished) => {
      const named = finished.map((each) => ({ id: digestOfManifest(each.manifest), ...each }));
      add(named);
      return named.map(({ id }) => id);
    },
    addArtifactAside: async (finished) => {
      const id = digestOfManifest(finished.manifest);
      const arrival = prepare({ id, ...finished });
      if (arrival === undefined) return id;
      if (storeOptions.sync) await disk.syncFileSystemAside(layout.scratch);
      moveIn(id, arrival.incoming);
      return id;
    },
    settle: async () => {
      if (storeOptions.sync) await disk.syncFileSystemAside(layout.scratch);
    },
    isAsBuilt: (id) => isAsBuilt(id),
    isShared: (id) => isShared(disk, layout, id),
    share: (id, sharer) => addSharer(world, layout, id, sharer),
    lookUp: (key) => {
      const file = layout.key(key);
      const text = disk.status(file)?.type === "file" ? readTextIfAny(disk, file) : undefined;
      const record = text === undefined ? undefined : readKeyRecord(text);
      return record !== undefined && isAsBuilt(record.artifact, record) ? record : undefined;
    },
    recordKey: (key, record) =>
      writeAtomically(disk, layout.key(key), `${JSON.stringify(record, null, 2)}\n`, {
        temporary: temporary(),
        durable: false,
      }),
    forgetKey: (key) => removeTree(disk, layout.key(key)),
    hasSource: (sha256) => exists(disk, layout.source(sha256)),
    addSource: (file, sha256) => {
      if (storeOptions.sync) disk.syncFile(file);
      disk.rename(file, layout.source(sha256));
      if (storeOptions.sync) disk.syncDirectory(`${root}/sources`);
    },
    makeScratch: (name) => {
      const path = `${layout.scratch}/${name}`;
      inStore(root, "written", () => {
        removeTree(disk, path);
        disk.makeDirectory(path);
      });
      return path;
    },
    removeScratch: (name) => removeTree(disk, `${layout.scratch}/${name}`),
    removeScratchOf: (start) => {
      for (const { name } of disk.list(layout.scratch)) {
        if (name.startsWith(start)) removeTree(disk, `${layout.scratch}/${name}`);
      }
    },
    tryLock: (name) => inStore(root, "written", () => disk.tryLock(layout.lock(name))),
    holderOf: (name) => readTextIfAny(disk, layout.lock(name)) ?? "",
  };
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
function drop({ disk }: World, artifact: string, temporary: string): void {
  try {
    disk.rename(artifact, temporary);
  } catch (error) {
    if (isDiskError(error, "ENOENT")) return; // another process was faster
    throw error;
  }
  removeTree(disk, temporary);
}

/** A damaged record means only that the package is built again. */
function readKeyRecord(text: string): KeyRecord | undefined {
  try {
    const record = JSON.parse(text) as Partial<KeyRecord> | null;
    return typeof record?.artifact === "string" &&
      isDigest(record.artifact) &&
      typeof record.durationMs === "number"
      ? (record as KeyRecord)
      : undefined;
  } catch {
    return undefined;
  }
}
