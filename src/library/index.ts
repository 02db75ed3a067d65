/** tenon as a library: build, query and change a prefix. */
export { build, explainWhy, fetchSources, lockSources, openShell } from "../run/index.ts";
export { releaseFailed } from "../workspace/index.ts";
export { importProjects } from "../import/index.ts";
export { installStage, installWheels, rollBack, repair } from "../operations/index.ts";
export type { BuildResult } from "../run/index.ts";
export type { BuildOptions, Plan, PlannedPackage } from "../run/index.ts";
export { readGraph, type GraphNode } from "../workspace/index.ts";
export { findLogs, followLog, type LogOptions } from "../workspace/index.ts";
export type { Failure } from "../run/index.ts";
export {
  findOwner,
  listFiles,
  listPackages,
  pathInPrefix,
  verify,
  type InstalledPackage,
  type Ownership,
  type Verification,
} from "../operations/index.ts";
export type { OutsideChange } from "../distributions/index.ts";
export { removePackages, type Removed, type RemoveOptions } from "../operations/index.ts";
export { locatePrefix, lookAtPrefix, openPrefix, type SessionOptions } from "../workspace/index.ts";
export type { Ended, Installed, InstallStageOptions, OpenPrefix } from "../operations/index.ts";
export type { Repair } from "../operations/index.ts";
export { describeRecovery } from "../operations/index.ts";
export { collectGarbage, listHistory, recoverPrefix } from "../operations/index.ts";
export { readRun, type RecordedRun } from "../workspace/index.ts";
export type { FetchOptions, FetchResult, LockResult } from "../run/index.ts";
export type { ImportOptions, ImportResult } from "../import/index.ts";
export type { ShellOptions, ShellPlace, ShellResult } from "../run/index.ts";
export type { Explanation, Reason, WhyOptions } from "../run/index.ts";
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
