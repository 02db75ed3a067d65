/** Which packages of a workspace `tenon export` writes down for other tools, and which it leaves out. */
import { compareText } from "../core/index.ts";
import { type Recipes, runClosure } from "../plan/index.ts";
import type { Recipe } from "../recipe/index.ts";

export interface ExportedPackages {
  /** What a Python tool can install, by name. */
  readonly projects: readonly Recipe[];
  /** What it cannot, such as a C library. */
  readonly others: readonly Recipe[];
}

/** The roots with all that they need at run time; without roots, all but what is only built with. */
export function exportedPackages(
  recipes: Recipes,
  roots: readonly string[] | undefined,
): ExportedPackages {
  const names = runClosure(recipes, roots ?? wantedAtRunTime(recipes));
  const all = names
    .flatMap((name) => recipes.get(name) ?? [])
    .filter(({ build }) => build.system !== "python-venv")
    .sort((a, b) => compareText(a.name, b.name));
  return {
    projects: all.filter(isProject),
    others: all.filter((recipe) => !isProject(recipe)),
  };
}

/** What nobody needs at all, or somebody at run time: not what is only built with, such as setuptools. */
function wantedAtRunTime(recipes: Recipes): string[] {
  const needed = new Set([...recipes.values()].flatMap(({ depends }) => depends.build));
  return [...recipes.keys()].filter((name) => !needed.has(name));
}

function isProject({ build, source }: Recipe): boolean {
  const isPython = build.system === "python" || build.system === "wheel";
  return isPython && source !== undefined;
}
