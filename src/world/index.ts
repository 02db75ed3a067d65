/** The only way to the machine: Disk, Processes, Clock, Network, each real or simulated. */
export {
  DiskError,
  isDiskError,
  type CopiedFile,
  type DirectoryItem,
  type Disk,
  type FileType,
  type FileWriter,
  type LinkedFile,
  type Lock,
  type PlainFile,
  type Status,
  type TreeToLink,
} from "./disk.ts";
export type { CapturedOutcome, Command, Outcome, Processes } from "./processes.ts";
export { type CallersJobserver, type Jobserver, tokenDescriptors } from "./jobserver.ts";
export type { Clock } from "./clock.ts";
export { NetworkError, type Network, type RequestOptions, type Response } from "./network.ts";
export type { Machine, Memory } from "./machine.ts";
export type { World } from "./world.ts";
export {
  exists,
  listIfAny,
  makeDirectories,
  readFileIfAny,
  readText,
  readTextIfAny,
  removeTree,
  writeAtomically,
  type WriteOptions,
} from "./files.ts";
export { differenceFrom, differenceOf, type Difference } from "./as-recorded.ts";
export { skipUnreadable } from "./skip-unreadable.ts";
export { reachableMounts, readMounts } from "./mountinfo.ts";
export { hasRenameFlags, lacksRenameFlags, withWeakRenames } from "./weak-renames.ts";
export { privateFolder } from "./real/private-folder.ts";
export { createRealWorld } from "./real/world.ts";
export { createSimulatedWorld, type SimulatedWorld } from "./simulated/world.ts";
export type { SimulatedWorldOptions } from "./simulated/world.ts";
export { createSimulatedDisk } from "./simulated/disk.ts";
export type { SimulatedDisk } from "./simulated/simulated-disk.ts";
export type { SimulatedDiskOptions } from "./simulated/kernel.ts";
export type { Fate } from "./simulated/durability.ts";
export { SimulatedStop, type FaultPlan, type Operation } from "./simulated/faults.ts";
export { powerLosses, type PowerLoss, type PowerLossOptions } from "./simulated/power-losses.ts";
export {
  plantTree,
  snapshotTree,
  type Snapshot,
  type SnapshotEntry,
  type Tree,
  type TreeEntry,
} from "./simulated/trees.ts";
export { createSimulatedClock, type SimulatedClock } from "./simulated/clock.ts";
export { createSimulatedCaller, type SimulatedJobserver } from "./simulated/jobserver.ts";
export { createSimulatedProcesses, type Answer } from "./simulated/processes.ts";
export {
  createSimulatedNetwork,
  type SimulatedRequest,
  type SimulatedResponse,
  type SimulatedSite,
} from "./simulated/network.ts";
