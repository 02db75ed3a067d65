/** The only way to the machine: Disk, Processes, Clock, Network. Tests take a machine from simulated/. */
export {
  DiskError,
  isDiskError,
  type Aspect,
  type CopiedFile,
  type DirectoryItem,
  type Disk,
  type FileType,
  type FileWriter,
  type FileToCopy,
  type LinkedFile,
  type Lock,
  type MemberToExtract,
  type PlainFile,
  type Status,
  type TreeToCopy,
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
} from "./files.ts";
export { isLooked, lookAgain, type Looked, type Watched, watchWorld } from "./looks.ts";
export { waitForLock, type WaitOptions } from "./wait-for-lock.ts";
export { differenceFrom, differenceOf, type Difference } from "./as-recorded.ts";
export { skipUnreadable } from "./skip-unreadable.ts";
export { fileSystemOf, reachableMounts, readMounts } from "./mountinfo.ts";
export { hasRenameFlags, lacksRenameFlags, withWeakRenames } from "./weak-renames.ts";
export { privateFolder } from "./real/private-folder.ts";
export { createRealWorld } from "./real/world.ts";
