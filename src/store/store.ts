/** The store: artifacts, sources and the key→artifact table of this machine. */
import {
  type Digest,
  digestOfManifest,
  fromRows,
  isDigest,
  type Manifest,
  parentOf,
  TenonError,
  toRow,
} from "../core/index.ts";
import {
  exists,
  isDiskError,
  type Lock,
  makeDirectories,
  readTextIfAny,
  removeTree,
  withWeakRenames,
  type World,
  writeAtomically,
} from "../world/index.ts";
import { layoutOf, type StoreLayout } from "./layout.ts";
import { addSharer, type EditedFile, findEdits, isShared, type Sharer } from "./shared-files.ts";

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
}

export interface Store {
  readonly layout: StoreLayout;
  hasArtifact(id: Digest): boolean;
  manifestOf(id: Digest): Manifest;
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
  /** Whether an artifact is here as it was built; one that was edited in a prefix is dropped. */
  isAsBuilt(id: Digest): boolean;
  /** Whether somebody may hold hard links to an artifact's files, and edit them at any moment. */
  isShared(id: Digest): boolean;
  /** To be called before hard links to an artifact's files are made in a prefix. */
  share(id: Digest, sharer: Sharer): void;
  /** The record of a key whose artifact is still here as it was built. */
  lookUp(key: Digest): KeyRecord | undefined;
  /** A power loss may take it until `settle`: then its package is built again. */
  recordKey(key: Digest, record: KeyRecord): void;
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
  /** Told of an artifact that is dropped, because files which it shared were edited in a prefix. */
  readonly onEdited?: (edits: readonly EditedFile[]) => void;
}

export function openStore(world: World, root: string, options: StoreOptions): Store {
  const { disk } = world;
  const layout = layoutOf(root);
  const temporary = (): string => `${layout.scratch}/${world.clock.uniqueId()}`;
  makeLayout(world, layout);

  const isAsBuilt = (id: Digest): boolean => {
    if (!exists(disk, layout.artifactManifest(id))) return false;
    if (!isShared(disk, layout, id)) return true;
    const edits = findEdits(world, layout, id, readManifest(world, layout.artifactManifest(id)));
    if (edits.length === 0) return true;
    drop(world, layout.artifact(id), temporary());
    options.onEdited?.(edits);
    return false;
  };

  /** Its folder, with all that an artifact has; undefined where the store has it already. */
  const prepare = ({ id, ...finished }: FinishedStage & { readonly id: Digest }) => {
    const { tree, manifest, bytecode } = finished;
    if (isAsBuilt(id)) {
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
  const add = (finished: readonly (FinishedStage & { readonly id: Digest })[]): void => {
    const arrivals = finished.flatMap((each) => prepare(each) ?? []);
    if (arrivals.length === 0) return;
    if (options.sync) disk.syncFileSystem(layout.scratch);
    for (const { id, incoming } of arrivals) moveInOnce(world, incoming, layout.artifact(id));
    if (options.sync) disk.syncDirectory(`${root}/artifacts`);
  };

  return {
    layout,
    hasArtifact: (id) => exists(disk, layout.artifactManifest(id)),
    manifestOf: (id) => readManifest(world, layout.artifactManifest(id)),
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
      if (options.sync) await disk.syncFileSystemAside(layout.scratch);
      moveInOnce(world, arrival.incoming, layout.artifact(id));
      return id;
    },
    settle: async () => {
      if (options.sync) await disk.syncFileSystemAside(layout.scratch);
    },
    isAsBuilt,
    isShared: (id) => isShared(disk, layout, id),
    share: (id, sharer) => addSharer(world, layout, id, sharer),
    lookUp: (key) => {
      const text = readTextIfAny(disk, layout.key(key));
      const record = text === undefined ? undefined : readKeyRecord(text);
      return record !== undefined && isAsBuilt(record.artifact) ? record : undefined;
    },
    recordKey: (key, record) =>
      writeAtomically(disk, layout.key(key), `${JSON.stringify(record, null, 2)}\n`, {
        temporary: temporary(),
        durable: false,
      }),
    hasSource: (sha256) => exists(disk, layout.source(sha256)),
    addSource: (file, sha256) => {
      if (options.sync) disk.syncFile(file);
      disk.rename(file, layout.source(sha256));
      if (options.sync) disk.syncDirectory(`${root}/sources`);
    },
    makeScratch: (name) => {
      const path = `${layout.scratch}/${name}`;
      removeTree(disk, path);
      disk.makeDirectory(path);
      return path;
    },
    removeScratch: (name) => removeTree(disk, `${layout.scratch}/${name}`),
    removeScratchOf: (start) => {
      for (const { name } of disk.list(layout.scratch)) {
        if (name.startsWith(start)) removeTree(disk, `${layout.scratch}/${name}`);
      }
    },
    tryLock: (name) => disk.tryLock(layout.lock(name)),
    holderOf: (name) => readTextIfAny(disk, layout.lock(name)) ?? "",
  };
}

function makeLayout(world: World, layout: StoreLayout): void {
  const { disk } = world;
  const folders = ["artifacts", "keys", "sources", "git", "locks", "scratch", "wheels"];
  for (const folder of folders) {
    if (!exists(disk, `${layout.root}/${folder}`))
      makeDirectories(disk, `${layout.root}/${folder}`);
  }
}

/**
 * Another process may have added the same artifact meanwhile: then ours is not needed. No artifact's
 * folder is empty, so none is replaced where the file system has no RENAME_NOREPLACE.
 */
function moveInOnce(world: World, incoming: string, destination: string): void {
  try {
    withWeakRenames(world.disk).renameNoReplace(incoming, destination);
  } catch (error) {
    if (!isDiskError(error, "EEXIST", "ENOTEMPTY")) throw error;
    removeTree(world.disk, incoming);
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

function manifestText(manifest: Manifest): string {
  return `[\n${manifest.map((entry) => JSON.stringify(toRow(entry))).join(",\n")}\n]\n`;
}

function readManifest(world: World, file: string): Manifest {
  const text = readTextIfAny(world.disk, file);
  if (text === undefined) throw damaged(file, "missing");
  try {
    return fromRows(JSON.parse(text), file);
  } catch (error) {
    throw damaged(file, "damaged", error);
  }
}

function damaged(file: string, how: "missing" | "damaged", cause?: unknown): TenonError {
  return new TenonError({
    kind: "machine",
    code: "STORE_DAMAGED",
    message: `the store's ${file} is ${how}`,
    hints: [`Remove ${parentOf(file)}; the next build makes it again.`],
    cause,
  });
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
