/** The rules between recipes: every dependency is there, and none leads back to where it began. */
import { findCycles } from "./cycles.ts";
import type { Document } from "./document.ts";
import type { KeyPath } from "./positions.ts";
import { pythonVenvName } from "./python-venv.ts";
import type { Recipe } from "./recipe.ts";
import { didYouMean, quote } from "./wording.ts";

export interface WrittenRecipe {
  readonly recipe: Recipe;
  readonly document: Document;
}

interface GraphToCheck {
  /** With what is built in and implied. */
  readonly recipes: ReadonlyMap<string, Recipe>;
  /** By the recipe's name: what its file says, where mistakes are shown. */
  readonly written: ReadonlyMap<string, WrittenRecipe>;
  /** Names that are taken by recipes which could not be read: not unknown. */
  readonly otherNames: ReadonlySet<string>;
  /** Whether unknown names are accepted. */
  readonly incomplete: boolean;
}

export function checkGraph(graph: GraphToCheck): void {
  if (!graph.incomplete)
    for (const written of graph.written.values()) reportUnknown(graph, written);
  const edges = new Map<string, readonly string[]>();
  for (const [name, { depends }] of graph.recipes) {
    const needed = [...depends.build, ...depends.run];
    // That a recipe needs itself was said when it was read.
    edges.set(name, needed.includes(name) ? needed.filter((other) => other !== name) : needed);
  }
  for (const cycle of findCycles(edges)) reportCycle(graph, cycle);
}

function reportUnknown(graph: GraphToCheck, { recipe, document }: WrittenRecipe): void {
  for (const kind of ["build", "run"] as const) {
    recipe.depends[kind].forEach((name, index) => {
      if (graph.recipes.has(name) || graph.otherNames.has(name)) return;
      const others = (): string[] =>
        [...graph.recipes.keys()].filter((other) => other !== recipe.name);
      document.report({
        code: "UNKNOWN_DEPENDENCY",
        at: ["depends", kind, index],
        what: `there is no recipe ${quote(name)}`,
        expected: () => `a package of this workspace${didYouMean(name, others())}`,
        ...(recipe.build.system === "python" ? { hint: howToAdd(name) } : {}),
      });
    });
  }
}

function howToAdd(name: string): string {
  return `If it is a Python project, \`tenon add pypi:${name}\` writes its recipe.`;
}

/** Shown where the first package names the second, or implies it by its build system. */
function reportCycle(graph: GraphToCheck, cycle: readonly string[]): void {
  const [first = "", second = first] = cycle;
  const from = graph.written.get(first);
  from?.document.report({
    code: "CYCLE",
    at: pathOfDependency(from.recipe, second) ?? ["build", "system"],
    what: `dependency cycle ${[...cycle, first].join(" → ")}`,
    expected: "no way from a package back to itself",
    ...(cycle.includes(pythonVenvName)
      ? { hint: `Every package of the systems python and wheel depends on ${pythonVenvName}.` }
      : {}),
  });
}

function pathOfDependency(recipe: Recipe, name: string): KeyPath | undefined {
  for (const kind of ["build", "run"] as const) {
    const index = recipe.depends[kind].indexOf(name);
    if (index >= 0) return ["depends", kind, index];
  }
  return undefined;
}
