/** The run of a build: what is out of date is fetched, built, checked and joined; what the run tells, and who may look into it. */
export type { BuildResult } from "./build-result.ts";
export type { BuildOptions, Plan, PlannedPackage } from "./planned-work.ts";
export type { PlannedChange } from "./prefix-changes.ts";
export { openShell, type ShellOptions, type ShellPlace, type ShellResult } from "./shell.ts";
export { explainWhy, type PackageReason, type Reason, type WhyOptions } from "./why.ts";
export type { PackageFailure } from "./package-failure.ts";
export { buildIfChanged as build } from "./unchanged.ts";
export {
  fetchSources,
  lockSources,
  showPin,
  type FetchOptions,
  type FetchResult,
  type LockResult,
} from "./sources.ts";
export { type Challenged, challengePackages, type ChallengeOptions } from "./challenge.ts";
export { pushPackages, type PushOptions, type PushResult } from "./push.ts";
export { listKeys, type ListedKey, makeKey, parseKey, readKeyFile, readKeys } from "./keys.ts";
export { provePackages, type ProveOptions, type Proven } from "./prove.ts";
