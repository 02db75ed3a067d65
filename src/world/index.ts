/** The only way to the machine: Disk, Processes, Clock, Network, each real or simulated. */
export {
  DiskError,
  isDiskError,
  type DirectoryItem,
  type Disk,
  type FileType,
  type FileWriter,
  type Lock,
  type Status,
} from "./disk.ts";
export type { CapturedOutcome, Command, Outcome, Processes } from "./processes.ts";
export type { Clock } from "./clock.ts";
export { NetworkError, type Network, type RequestOptions, type Response } from "./network.ts";
export type { Machine } from "./machine.ts";
export type { World } from "./world.ts";
export {
  exists,
  makeDirectories,
  readText,
  readTextIfAny,
  removeTree,
  writeAtomically,
  type WriteOptions,
} from "./files.ts";
export { createRealWorld } from "./real/world.ts";
