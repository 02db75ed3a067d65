/** The dependency graph of a workspace: who needs whom, in which order. */
import { assert, compareText } from "../core/index.ts";
import type { Recipe } from "../recipe/index.ts";

export type Recipes = ReadonlyMap<string, Recipe>;

/** The packages and everything that they need at run time, sorted by name. */
export function runClosure(recipes: Recipes, roots: Iterable<string>): string[] {
  return reach(roots, (name) => recipeOf(recipes, name).depends.run);
}

/** Everything that must be built to build these packages, themselves included; sorted by name. */
export function buildClosure(recipes: Recipes, roots: Iterable<string>): string[] {
  return reach(roots, (name) => directDependencies(recipeOf(recipes, name)));
}

/** The same with what their checks need, and what is needed to build that. */
export function checkClosure(recipes: Recipes, roots: Iterable<string>): string[] {
  return reach(roots, (name) => {
    const recipe = recipeOf(recipes, name);
    return [...directDependencies(recipe), ...checkDependencies(recipe)];
  });
}

/** What the view of a check shows besides that of the build and the package itself. */
export function checkViewOf(recipes: Recipes, name: string): string[] {
  const shown = new Set([name, ...viewOf(recipes, name)]);
  const needed = runClosure(recipes, checkDependencies(recipeOf(recipes, name)));
  return needed.filter((other) => !shown.has(other));
}

/** Nothing for a package without a check. */
export function checkDependencies({ check, depends }: Recipe): readonly string[] {
  return check === undefined ? [] : (depends.check ?? []);
}

/** What the view of one build shows (I7): its dependencies, and theirs at run time. */
export function viewOf(recipes: Recipes, name: string): string[] {
  return runClosure(recipes, directDependencies(recipeOf(recipes, name)));
}

/**
 * What builds can run or import: all that views show, but for what a package that is only unpacked needs at
 * run time; sorted by name.
 */
export function usedInBuilds(recipes: Recipes): string[] {
  const used = [...recipes.values()].flatMap((recipe) =>
    isUnpacked(recipe) ? recipe.depends.build : directDependencies(recipe),
  );
  return runClosure(recipes, used);
}

/** Asked for each package of a run, and found out once. */
export function isUsedInBuilds(recipes: Recipes, name: string): boolean {
  let used = knownUsed.get(recipes);
  if (used === undefined) knownUsed.set(recipes, (used = new Set(usedInBuilds(recipes))));
  return used.has(name);
}

const knownUsed = new WeakMap<Recipes, ReadonlySet<string>>();

function isUnpacked({ build }: Recipe): boolean {
  return build.system === "wheel" || build.unpacked === true;
}

/** Build and run dependencies, each once, sorted. */
export function directDependencies(recipe: Recipe): string[] {
  return [...new Set([...recipe.depends.build, ...recipe.depends.run])].sort(compareText);
}

/** By name, except that what a package needs comes before it. The graph must have no cycle. */
export function inOrder(recipes: Recipes, names: Iterable<string>): string[] {
  const wanted = new Set([...names].sort(compareText));
  const ordered = new Set<string>();
  const entered = new Set<string>();
  for (const root of wanted) {
    // An explicit stack: a chain may be longer than the call stack allows.
    const stack = [{ name: root, leaving: false }];
    for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
      if (top.leaving) {
        ordered.add(top.name);
        continue;
      }
      if (entered.has(top.name)) continue;
      entered.add(top.name);
      stack.push({ name: top.name, leaving: true });
      const needs = directDependencies(recipeOf(recipes, top.name));
      for (const need of needs.toReversed()) {
        if (wanted.has(need) && !entered.has(need)) stack.push({ name: need, leaving: false });
      }
    }
  }
  assert(ordered.size === wanted.size, "the order has lost a package");
  return [...ordered];
}

export function recipeOf(recipes: Recipes, name: string): Recipe {
  const recipe = recipes.get(name);
  assert(recipe !== undefined, `no recipe is called ${name}`);
  return recipe;
}

function reach(roots: Iterable<string>, next: (name: string) => readonly string[]): string[] {
  const reached = new Set(roots);
  for (const name of reached) for (const other of next(name)) reached.add(other);
  return [...reached].sort(compareText);
}
