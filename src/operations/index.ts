/** What changes a prefix, and what answers questions about one. */
export { type ConflictCures, curesFor } from "./conflict-cures.ts";
export { type Ended, type OpenPrefix, type Operation, operate } from "./operate.ts";
export { transactionOptions, describeRecovery } from "./transaction-events.ts";
export { type Adopted, adoptPackages, type FoundPackage } from "./adopt.ts";
export { findColcon, findDistributions, readFileList, withinPrefix } from "./found-packages.ts";
export { installStage, type InstallStageOptions } from "./install.ts";
export type { InstallResult } from "./installed.ts";
export { installBundle, type InstallBundleOptions } from "./install-bundle.ts";
export { installWheels } from "./install-wheels.ts";
export {
  type Verification,
  findOwner,
  listFiles,
  listPackages,
  pathInPrefix,
  verify,
  type InstalledPackage,
  type Ownership,
} from "./queries.ts";
export {
  applySettings,
  runEnvironment,
  type RunEnvironment,
  type VariableSetting,
} from "./run-environment.ts";
export { repair, type Repair } from "./repair.ts";
export { rollBack } from "./rollback.ts";
export { clonePrefix, type CloneOptions } from "./moving/clone.ts";
export { movePrefix } from "./moving/move.ts";
export { relocateTree } from "./moving/relocate-tree.ts";
export { describeLeft, type LeftPlace } from "./moving/rename-file.ts";
export type { Transplanted, TransplantOptions } from "./moving/transplant.ts";
export { billPackages, type BillOptions } from "./bill-packages.ts";
export { type Bundled, bundlePackages, type BundleOptions } from "./bundle-packages.ts";
export {
  type BundledTree,
  bundleTree,
  type BundleTreeOptions,
  type TreeForm,
  treeForms,
} from "./tree/bundle-tree.ts";
export { prepareRelease } from "./tree/release-tree.ts";
export { type ImageOptions, type MadeImage, makeImage } from "./make-image.ts";
export { removePackages, type Removed, type RemoveOptions } from "./remove.ts";
export { collectGarbage, listHistory } from "./prefix-care.ts";
export { collectStore, type CollectedStore, type CollectStoreOptions } from "./collect-store.ts";
export { recoverPrefix } from "./under-lock.ts";
export { noteUse, transfers } from "./transfers.ts";
export { tellDamage } from "./tell-damage.ts";
