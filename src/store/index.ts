/** Artifacts, sources and the key→artifact table, kept on this machine. */
export { openStore, type KeyRecord, type Store } from "./store.ts";
export { layoutOf, type StoreLayout } from "./layout.ts";
