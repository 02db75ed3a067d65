/** A workspace at work: its recipes beside its prefix and store, and what it remembers of earlier runs. */
export { type Session, openSession, type SessionOptions } from "./session.ts";
export { openPrefix, recoverIfNeeded } from "./open-prefix.ts";
export { locatePrefix, lookAtPrefix, remarkRecovery } from "./look-at-prefix.ts";
export { listNames } from "./names.ts";
export { initWorkspace } from "./init.ts";
export { locateStore } from "./open-workspace.ts";
export { findUnadopted } from "./unadopted.ts";
export { type EventRecord, recordEvents, type Invocation } from "./record-events.ts";
export {
  requireBuildable,
  requireReady,
  selectWanted,
  requireViews,
  type Selection,
  selectPackages,
} from "./selection.ts";
export { type Durations, type NodeKind, openDurations } from "./durations.ts";
export { explainForeignLog, type LogExplanation } from "./explain-log.ts";
export { readGraph, type GraphNode } from "./graph.ts";
export { readTree, type TreeNode } from "./tree.ts";
export { findLogs, followLog, type LogOptions } from "./log.ts";
export { settleBooks } from "./bookkeeper.ts";
export { readRun, type RecordedRun } from "./read-run.ts";
export {
  addFailures,
  knownAs,
  readFailures,
  recurrenceOf,
  type SeenFailure,
} from "./failure-history.ts";
export {
  keepFailed,
  releaseKept,
  isKept,
  openKept,
  releaseAllKept as releaseFailed,
} from "./kept.ts";
export { newNeeds } from "./noted-needs.ts";
export type { BestView, LastBuild } from "./workspace-state.ts";
export { openRun, logsOf, type RunFolder } from "./runs.ts";
export { cacheKeysOf, storeOfPlace } from "./open-workspace.ts";
