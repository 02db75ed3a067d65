/** Whether a package may need the libraries that its loader will not find among packages' files. */
import type { StrayLibrary } from "../core/index.ts";
import type { HostLibraryMode, Recipe, Workspace } from "../recipe/index.ts";
import type { KeyRecord } from "../store/index.ts";

type Settings = Pick<Workspace, "hostLibraries" | "systemLibraries">;

/** Where they are refused, a result counts as not built of which nothing is known, or too much. */
export function isRefused(settings: Settings, recipe: Recipe, { libraries }: KeyRecord): boolean {
  if (modeOf(settings, recipe) !== "refuse") return false;
  return libraries === undefined || unwanted(settings, libraries).length > 0;
}

export function modeOf({ hostLibraries }: Settings, recipe: Recipe): HostLibraryMode {
  return recipe.hostLibraries ?? hostLibraries;
}

export function unwanted({ systemLibraries }: Settings, libraries: readonly StrayLibrary[]) {
  return libraries.filter(({ library }) => !systemLibraries.includes(library));
}
