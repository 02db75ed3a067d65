/** tenon as a library: build, query and change a prefix. */
export {
  build,
  explainWhy,
  fetchSources,
  importProjects,
  installStage,
  installWheels,
  lockSources,
  openShell,
  releaseFailed,
  repair,
  rollBack,
} from "./commands.ts";
export type { BuildResult } from "./build-result.ts";
export type { BuildOptions, Plan, PlannedPackage } from "./planned-work.ts";
export { readGraph, type GraphNode } from "./graph.ts";
export { findLogs, followLog, type LogOptions } from "./log.ts";
export type { Failure } from "./package-failure.ts";
export {
  findOwner,
  listFiles,
  listPackages,
  pathInPrefix,
  verify,
  type InstalledPackage,
  type Ownership,
  type Verification,
} from "./queries.ts";
export type { OutsideChange } from "./outside-changes.ts";
export { removePackages, type RemoveOptions } from "./remove.ts";
export { allowsWeakRenames } from "./open-workspace.ts";
export { locatePrefix, lookAtPrefix, openPrefix, type SessionOptions } from "./session.ts";
export type { InstallResult, InstallStageOptions } from "./install.ts";
export type { Repair } from "./repair.ts";
export { describeRecovery } from "./transaction-events.ts";
export { collectGarbage, listHistory, recoverPrefix } from "./prefix-care.ts";
export { readRun, type RecordedRun } from "./read-run.ts";
export type { RollbackOptions, RollbackResult } from "./rollback.ts";
export type { FetchOptions, FetchResult, LockResult } from "./sources.ts";
export type { ImportOptions, ImportResult } from "./import/import.ts";
export type { ShellOptions, ShellPlace, ShellResult } from "./shell.ts";
export type { Explanation, Reason, WhyOptions } from "./why.ts";
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
