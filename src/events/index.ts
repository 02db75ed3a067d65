/** The events of a run, read: their shapes, and what a run was, made from its events alone. */
export { createRunState, type RunState, type RunningPackage } from "./run-state.ts";
export { makeRun } from "./make-run.ts";
export type { Run, Span } from "./run.ts";
export { assignSlots, buildSlots, outline } from "./job-slots.ts";
export { useOverTime } from "./use-over-time.ts";
export { isEvent } from "./event-shape.ts";
