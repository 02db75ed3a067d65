/** What changes a prefix, and what answers questions about one. */
export { transactionOptions, describeRecovery } from "./transaction-events.ts";
export type { InstallResult, InstallStageOptions } from "./install.ts";
export type { InstallWheelsOptions } from "./install-wheels.ts";
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
export type { Repair, RepairOptions } from "./repair.ts";
export type { RollbackOptions, RollbackResult } from "./rollback.ts";
export { removePackages, type RemoveOptions } from "./remove.ts";
export { collectGarbage, listHistory, recoverPrefix } from "./prefix-care.ts";
export { changeAndTell } from "./change-and-tell.ts";
export { transfers } from "./transfers.ts";
export { tellDamage } from "./tell-damage.ts";
export { installStage } from "./install.ts";
export { installWheels } from "./install-wheels.ts";
export { rollBack } from "./rollback.ts";
export { repair } from "./repair.ts";
