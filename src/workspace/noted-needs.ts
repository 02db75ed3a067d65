/**
 * Packages of the workspace that pip would bring into another one. Where a companion has one prefix for all, they
 * are there when pip looks; a view shows what is declared, and few of these packages declare it. So what pip
 * was seen to bring is noted, the result is thrown away, and the run begins anew with the package needing them.
 */
import type { Manifest } from "../core/index.ts";
import { distributionsOf } from "../distributions/index.ts";
import { buildClosure, recipeOf } from "../plan/index.ts";
import type { Recipe, Workspace } from "../recipe/index.ts";
import { normalizeProject } from "../requirements/index.ts";
import type { WorkspaceState } from "./workspace-state.ts";

/** Of the packages that are usually built: what else could be is not waited for. */
export function newNeeds(
  { recipes, companion }: Workspace,
  name: string,
  manifest: Manifest,
): string[] {
  const own = new Map(companion?.usual.map((other) => [normalizeProject(other), other]));
  const found = distributionsOf(manifest).flatMap((project) => own.get(project.name) ?? []);
  // That it is needed and brought all the same, another run does not change.
  const { run } = recipeOf(recipes, name).depends;
  return found.filter(
    (other) => other !== name && !run.includes(other) && mayNeed(recipes, name, other),
  );
}

/** The workspace, with what was noted in earlier runs as needed. */
export function withNotedNeeds(workspace: Workspace, state: WorkspaceState): Workspace {
  const recipes = new Map(workspace.recipes);
  for (const [name, recipe] of workspace.recipes) {
    if (!recipe.build.online) continue;
    const noted = state.notedNeeds(name).filter((other) => mayNeed(recipes, name, other));
    if (noted.length > 0) recipes.set(name, needing(recipe, noted));
  }
  return { ...workspace, recipes };
}

function needing(recipe: Recipe, more: readonly string[]): Recipe {
  const run = [...new Set([...recipe.depends.run, ...more])].sort();
  return { ...recipe, depends: { ...recipe.depends, run } };
}

/** What needs it itself cannot come before it. */
function mayNeed(recipes: Workspace["recipes"], name: string, other: string): boolean {
  return recipes.has(other) && !buildClosure(recipes, [other]).includes(name);
}
