/** The shared cache: results that others have built and signed, wherever they lie. */
export { type NetworkOptions, networkOptionsOf } from "./http-place.ts";
export { openRegistry, putManifest, type Registry, streamOf, upload } from "./registry.ts";
export { openPlace, openPushPlace, isOnNetwork } from "./open-place.ts";
export { type Blob, type CachePlace, CacheTrouble, type PushPlace } from "./place.ts";
export {
  type CacheContext,
  type KnownEntry,
  openCache,
  readEntry,
  readIndex,
  type SharedCache,
  type Taken,
  takePack,
} from "./open-cache.ts";
export { keepSecretKey, readSecretKey, readSecretKeys } from "./key-folder.ts";
export type { CacheIndex, IndexRow } from "./cache-index.ts";
export { type CheckedEntry, type WantedEntry } from "./check-entry.ts";
export { type Pushed, type PushedEntry, pushResults, type PushedResult } from "./push.ts";
export { type Material, readStatement, type Statement, statementType } from "./statement.ts";
