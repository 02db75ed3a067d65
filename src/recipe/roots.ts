/** Which recipes somebody asked for, and which are there because others need them. */
import type { Recipe } from "./recipe.ts";

/** What `wanted-by` says of a recipe that is there because others need it. */
export const dependents = "dependents";

/** Whether somebody asked for it: a person has written it, or has named it to `tenon add` or `import`. */
export function isRoot({ file, wantedBy }: Pick<Recipe, "file" | "wantedBy">): boolean {
  return file !== "" && wantedBy !== dependents;
}

/**
 * The names of the recipes that somebody asked for, in the order of the recipes; all where none says
 * that it is there for its dependents.
 */
export function rootsOf(recipes: ReadonlyMap<string, Recipe>): string[] {
  const all = [...recipes.values()];
  const isTold = all.some(({ wantedBy }) => wantedBy === dependents);
  return (isTold ? all.filter(isRoot) : all).map(({ name }) => name);
}
