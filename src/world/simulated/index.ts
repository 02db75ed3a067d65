/** A machine in memory that can be broken anywhere; for tests alone, so that no room imports it. */
export { createSimulatedWorld, type SimulatedWorld, type SimulatedWorldOptions } from "./world.ts";
export { createSimulatedDisk } from "./disk.ts";
export type { SimulatedDisk } from "./simulated-disk.ts";
export type { SimulatedDiskOptions } from "./kernel.ts";
export type { Fate } from "./durability.ts";
export { SimulatedStop, type FaultPlan, type DiskOperation } from "./faults.ts";
export { powerLosses, type PowerLoss, type PowerLossOptions } from "./power-losses.ts";
export {
  plantTree,
  snapshotTree,
  type Snapshot,
  type SnapshotEntry,
  type Tree,
  type TreeEntry,
} from "./trees.ts";
export { createSimulatedClock, type SimulatedClock } from "./clock.ts";
export { createSimulatedCaller, type SimulatedJobserver } from "./jobserver.ts";
export { createSimulatedProcesses, type ProgramAnswer } from "./processes.ts";
export {
  createSimulatedNetwork,
  type SimulatedRequest,
  type SimulatedResponse,
  type SimulatedSite,
} from "./network.ts";
