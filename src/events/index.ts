/** The events of a run, read: their shapes, and what a run was, made from its events alone. */
export type { PackageInRun } from "./package-in-run.ts";
export {
  fold,
  isOver,
  noRun,
  packagesIn,
  runningIn,
  type RunningPackage,
  type RunState,
} from "./run-state.ts";
export { valueOf, valuesOf } from "./layered-map.ts";
export { makeRun } from "./make-run.ts";
export type { FailureReport, Run, Span } from "./run.ts";
export { assignSlots, buildSlots, outline } from "./job-slots.ts";
export { useOverTime } from "./use-over-time.ts";
export { parseEvent } from "./event-shape.ts";
