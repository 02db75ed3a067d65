/** The store: artifacts, sources and the key→artifact table of this machine. */
import type { Digest } from "../core/index.ts";
import { type Lock, readTextIfAny, removeTree, type World } from "../world/index.ts";
import { type Artifacts, openArtifacts, type StoreOptions } from "./artifacts.ts";
import { markInUse } from "./in-use.ts";
import { type Keys, openKeys } from "./keys.ts";
import { layoutOf, type StoreLayout } from "./layout.ts";
import { type MadeStore, openMade } from "./made.ts";
import { openProofs, type Proofs } from "./proofs.ts";
import { inStore, makeStore, requireStore } from "./make-store.ts";
import { noteUsed } from "./used.ts";
import { noteUser, type StoreUser } from "./users.ts";

export interface Store extends Artifacts, Keys, MadeStore, Proofs {
  readonly layout: StoreLayout;
  hasSource(sha256: Digest): boolean;
  /** Takes a checked file over (it is moved); `file` lies in a scratch folder of this store. */
  addSource(file: string, sha256: Digest): void;
  /** To be called before something of the store joins a prefix. */
  noteUser(user: StoreUser): void;
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
  markInUse(disk, layout);
  const storePlace = { ...storeOptions, world, layout, temporary };
  const artifacts = openArtifacts(storePlace);
  return {
    layout,
    ...artifacts,
    ...openKeys(storePlace, artifacts),
    ...openMade(storePlace),
    ...openProofs(storePlace),
    hasSource: (sha256) => noteUsed(world, layout.source(sha256)),
    addSource: (file, sha256) => {
      if (storeOptions.sync) disk.syncFile(file);
      disk.rename(file, layout.source(sha256));
      if (storeOptions.sync) disk.syncDirectory(`${root}/sources`);
    },
    noteUser: (user) => noteUser(world, layout, user),
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
