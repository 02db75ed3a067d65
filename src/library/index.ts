/** tenon as a library: build, query and change a prefix. */
export {
  build,
  type BuildOptions,
  type BuildResult,
  explainWhy,
  type Explanation,
  type Failure,
  type FetchOptions,
  type FetchResult,
  fetchSources,
  type LockResult,
  lockSources,
  openShell,
  type Plan,
  type PlannedPackage,
  provePackages,
  type ProveOptions,
  type Proven,
  type Reason,
  type ShellOptions,
  type ShellPlace,
  type ShellResult,
  type WhyOptions,
} from "../run/index.ts";
export {
  findLogs,
  followLog,
  type GraphNode,
  locatePrefix,
  type LogOptions,
  lookAtPrefix,
  openPrefix,
  readGraph,
  readRun,
  type RecordedRun,
  releaseFailed,
  type SessionOptions,
} from "../workspace/index.ts";
export { type ImportOptions, importProjects, type ImportResult } from "../import/index.ts";
export {
  collectGarbage,
  describeRecovery,
  type Ended,
  findOwner,
  type Installed,
  type InstalledPackage,
  installStage,
  type InstallStageOptions,
  installWheels,
  listFiles,
  listHistory,
  listPackages,
  type OpenPrefix,
  type Ownership,
  pathInPrefix,
  recoverPrefix,
  type Removed,
  type RemoveOptions,
  removePackages,
  repair,
  type Repair,
  rollBack,
  type Verification,
  verify,
} from "../operations/index.ts";
export type { OutsideChange } from "../distributions/index.ts";
export { createRealWorld, type World } from "../world/index.ts";
export {
  TenonError,
  type Entry,
  type ErrorKind,
  type Event,
  type EventBody,
  type EventSink,
} from "../core/index.ts";
export type { Conflict, HistoryEntry } from "../install/index.ts";
export type { Finding } from "../prefix/index.ts";
export type { LinkMode } from "../recipe/index.ts";
