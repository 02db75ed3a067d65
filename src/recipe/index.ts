/** Reading and validating workspaces, recipes and lock files. */
export { findCycles, type NameGraph } from "./cycles.ts";
export { findWorkspace } from "./find-workspace.ts";
export { isFullCommit, lockFileName, parseLockfile, renderLockfile } from "./lockfile.ts";
export { nearestName, nearestOf } from "./nearest-name.ts";
export { isPackageName, packageNameRule } from "./package-name.ts";
export { pinOf, requirePins, sourceLine, unpinned } from "./pins.ts";
export { readConfiguration } from "./read-configuration.ts";
export { readWantedFile, readWantedWords } from "./python/read-wanted.ts";
export { projectsOf } from "./python/requirements-file.ts";
export type { DirectProject, Wanted } from "./python/wanted.ts";
export { isNeeded } from "./dependents.ts";
export { pythonVenvName } from "./python-venv.ts";
export { renderRecipe } from "./render-recipe.ts";
export { readWorkspace, type ReadOptions } from "./read-workspace.ts";
export {
  type BuildPlan,
  type BuildSystem,
  buildSystems,
  type Dependencies,
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
  type SageFacts,
  type SageStamp,
  type Source,
  type StageRules,
  type UrlSource,
  type Workspace,
} from "./recipe.ts";
