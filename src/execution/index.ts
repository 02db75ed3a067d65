/** Builds on other machines: actions, the worker that does them, and what starts workers. */
export { executeAction, type Executed, type ExecuteOptions } from "./execute.ts";
export { type Executor, openExecutor, type OutcomeElsewhere } from "./executor.ts";
export type { BuildElsewhere } from "./pack-action.ts";
