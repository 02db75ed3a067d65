/** The run of a build: what is out of date is fetched, built, checked and joined; what the run tells, and who may look into it. */
export type { BuildResult } from "./build-result.ts";
export type { BuildOptions, Plan, PlannedPackage } from "./planned-work.ts";
export type { ShellOptions, ShellResult, ShellPlace } from "./shell.ts";
export type { Explanation, WhyOptions, Reason } from "./why.ts";
export type { Failure } from "./package-failure.ts";
export { runBuild as build } from "./build.ts";
export { explainWhy } from "./why.ts";
export { openShell } from "./shell.ts";
export {
  fetchSources,
  lockSources,
  type FetchOptions,
  type FetchResult,
  type LockResult,
} from "./sources.ts";
