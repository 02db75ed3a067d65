/** Artifacts, sources and the key→artifact table, kept on this machine. */
export type { DamagedFile, SoundArtifact } from "./examine.ts";
export {
  openStore,
  type FinishedStage,
  type KeyRecord,
  type Store,
  type StoreOptions,
} from "./store.ts";
export type { Sharer } from "./shared-files.ts";
export { layoutOf, storeFolders, type StoreLayout } from "./layout.ts";
