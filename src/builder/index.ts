/** Scheduling builds, and running one recipe in its view. */
export { buildPackage, prepareEntry } from "./build-package.ts";
export { hintsFor } from "./explain-failure.ts";
export { machineFactsOf, readCompiler } from "./machine-facts.ts";
export { checkElsewhere } from "./check-elsewhere.ts";
export { enterCommand, readEntry, type StepEntry } from "./entry.ts";
export type {
  BuildContext,
  BuildJob,
  BuildOutcome,
  CheckOutcome,
  Layer,
  StepFailure,
  StepTiming,
} from "./job.ts";
export { askBackend } from "./python/ask-backend.ts";
export { compileArguments } from "./python/compile-modules.ts";
export { type BuildBackend, readBuildBackend } from "./python/project.ts";
export { probePython, type PythonFacts } from "./python/facts.ts";
export {
  schedule,
  type RunResult,
  type ScheduleOptions,
  type ScheduleResult,
} from "./scheduler.ts";
