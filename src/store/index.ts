/** Artifacts, sources and the key→artifact table, kept on this machine. */
export type { DamagedFile, SoundArtifact } from "./examine.ts";
export type { FinishedStage, StoreOptions } from "./artifacts.ts";
export type { KeyRecord } from "./keys.ts";
export { type Made, manifestOfMade, treesOf } from "./made.ts";
export { dropRelocated, type RelocatedArtifact, relocateArtifact } from "./relocate-artifact.ts";
export type { CheckVerdict, Proof, Verdict } from "./proofs.ts";
export { packArtifact, packStart } from "./pack-artifact.ts";
export { unpackArtifact, type PackToUnpack } from "./unpack-artifact.ts";
export { writtenTimes } from "./written-times.ts";
export { openStore, type Store } from "./store.ts";
export type { Sharer } from "./shared-files.ts";
export { layoutOf, storeFolders, type StoreLayout } from "./layout.ts";
export { readUsers, type StoreUser } from "./users.ts";
export { noteUsed } from "./used.ts";
export { removeGarbage } from "./collect.ts";
export type { Garbage, Rules } from "./garbage.ts";
export { requireStore } from "./make-store.ts";
