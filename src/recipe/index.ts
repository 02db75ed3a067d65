/** Reading and validating workspaces, recipes and lock files. */
export type {
  CheckMode,
  Companion,
  CompanionInstall,
  CompanionPackage,
  JoinedPackage,
  RecordedPackage,
} from "./companion.ts";
export type { CompanionFormat, CompanionTree } from "./companion-format.ts";
export { findCycles, type NameGraph } from "./cycles.ts";
export { findWorkspace } from "./find-workspace.ts";
export { isFullCommit, lockFileName, parseLockfile, renderLockfile } from "./lockfile.ts";
export { isPackageName, packageNameRule } from "./package-name.ts";
export { aboutPackage } from "./about-package.ts";
export { pinOf, requirePins, sourceLine, unpinned } from "./pins.ts";
export { type Configuration, readConfiguration } from "./read-configuration.ts";
export { readRelease, type Release } from "./read-release.ts";
export { isNeeded } from "./dependents.ts";
export { pythonVenvName } from "./python-venv.ts";
export { moveRecipe } from "./move-recipe.ts";
export { renderRecipe } from "./render-recipe.ts";
export { dependents, isRoot, rootsOf } from "./roots.ts";
export {
  readKnown,
  readWorkspace,
  type ReadOptions,
  type WrittenWorkspace,
} from "./read-workspace.ts";
export {
  type BuildPlan,
  type BuildSystem,
  type CacheSettings,
  buildSystems,
  type Dependencies,
  type Execution,
  type GitSource,
  type HostLibraryMode,
  type KnownFailure,
  type LinkMode,
  linkModes,
  type Lockfile,
  type PathSource,
  type Pin,
  type PypiSource,
  type Recipe,
  type Source,
  type StageRules,
  type UrlSource,
  type Workspace,
} from "./recipe.ts";
export { isTable } from "./shape.ts";
export { type Document, openDocument } from "./document.ts";
export type { KeyPath } from "./positions.ts";
export { didYouMean, nameOfKey, oneOf, quote } from "./wording.ts";
export { type Mistake, throwMistakes } from "./mistakes.ts";
export { inputKinds, readInput } from "./read-input.ts";
