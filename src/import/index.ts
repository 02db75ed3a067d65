/** Recipes from Python's own files: requirements.txt, pylock.toml, uv.lock, pyproject.toml. */
export { type Exported, type ExportOptions, exportRequirements } from "./export-requirements.ts";
export { type ExportedPylock, exportPylock, type ExportPylockOptions } from "./export-pylock.ts";
export { type ImportOptions, importProjects, type ImportResult } from "./import.ts";
export { type Dropped, type DropOptions, dropRecipes } from "./drop.ts";
export { readWantedFile } from "./read-wanted.ts";
export type { Requested } from "./wanted.ts";
