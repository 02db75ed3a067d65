/**
 * Where a package is built: at the placeholder, so that the result fits any prefix; or at the prefix's own path, where
 * that cannot be.
 */
import { recipeOf, type Recipes, viewOf } from "../plan/index.ts";
import { targetDefect } from "../relocation/index.ts";
import type { Isolation } from "../view/index.ts";
import type { Workspace } from "../recipe/index.ts";

export type BuildPlace = "placeholder" | "prefix";

/** What keeps a whole workspace from being built at the placeholder, as the rest of a sentence; undefined when nothing does. */
export function fixedBecause(
  { companion }: Pick<Workspace, "companion">,
  prefix: string,
  isolation: Isolation,
): string | undefined {
  if (companion !== undefined)
    return `${companion.name} has the prefix's path in its own configuration`;
  if (isolation.kind === "none") return "builds have no view of their own";
  if (!isolation.root) return "views have no root of their own here";
  return targetDefect(prefix);
}

/** By package; one that is fixed fixes all in whose views it is. */
export function placesOf(recipes: Recipes, isFixed: boolean): (name: string) => BuildPlace {
  const isAnyFixed = [...recipes.values()].some((recipe) => recipe.build.relocatable === false);
  if (isFixed || !isAnyFixed) return () => (isFixed ? "prefix" : "placeholder");
  const known = new Map<string, BuildPlace>();
  const find = (name: string): BuildPlace => {
    const isOwn = recipeOf(recipes, name).build.relocatable === false;
    return isOwn || viewOf(recipes, name).some((other) => placeOf(other) === "prefix")
      ? "prefix"
      : "placeholder";
  };
  const placeOf = (name: string): BuildPlace => {
    const place = known.get(name) ?? find(name);
    known.set(name, place);
    return place;
  };
  return placeOf;
}
