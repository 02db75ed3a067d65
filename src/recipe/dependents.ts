/** Who needs whom, the other way round. */
import type { Recipe } from "./recipe.ts";

/** Whether one of these recipes needs a package, to be built or to run. */
export function isNeeded(recipes: Iterable<Recipe>, name: string): boolean {
  for (const { depends } of recipes) {
    if (depends.build.includes(name) || depends.run.includes(name)) return true;
  }
  return false;
}
