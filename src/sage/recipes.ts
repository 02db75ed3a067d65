/** Packages of a checkout as recipes: the scripts are Sage's own, run in a view. */
import { compareText } from "../core/index.ts";
import type { Dependencies, Recipe, Source } from "../recipe/index.ts";
import type { Checkout } from "./checkout.ts";
import type { SageDependencies } from "./dependencies.ts";
import type { SagePackage } from "./package.ts";

/** What Sage calls the version of a package that has none. */
const noVersion = "none";

/** For planning, before configure has run: every dependency counts, and nothing can be built. */
export function planningRecipes({ packages, dependencies }: Checkout): Recipe[] {
  return [...packages.values()].map((item) => {
    const needs = dependencies.get(item.name);
    return recipeFor(item, { depends: edgesOf(needs ?? noDependencies), script: "false" });
  });
}

export interface RecipeParts {
  readonly depends: Dependencies;
  readonly script: string;
  readonly check?: string;
  readonly source?: Source;
  /** All files that the result depends on, absolute. */
  readonly inputFiles?: () => readonly string[];
  readonly refusal?: Recipe["refusal"];
  /** Paths that are left out, relative to the prefix. */
  readonly drop?: readonly string[];
}

export function recipeFor(item: SagePackage, parts: RecipeParts): Recipe {
  const { depends, script, check, source, inputFiles, refusal, drop = [] } = parts;
  return {
    name: item.name,
    version: item.version ?? noVersion,
    file: item.directory,
    ...(source === undefined ? {} : { source }),
    patches: [],
    ...(inputFiles === undefined ? {} : { inputFiles }),
    depends,
    build: { system: "script", script, args: [], env: {} },
    ...(check === undefined ? {} : { check }),
    stage: { drop, takesOver: [] },
    ...(refusal === undefined ? {} : { refusal }),
    sage: { type: item.type, source: item.source, tree: item.trees[0] ?? "SAGE_LOCAL" },
  };
}

const noDependencies: SageDependencies = {
  build: [],
  orderOnly: [],
  run: [],
  check: [],
  optional: [],
  real: [],
  files: [],
};

/** Each edge once: what is needed at run time is in the view while building, too. */
export function edgesOf({ build, orderOnly, run, check }: SageDependencies): Dependencies {
  const needed = new Set(run);
  const forBuilding = [...new Set([...build, ...orderOnly])].filter((name) => !needed.has(name));
  return { build: forBuilding.sort(compareText), run, check };
}
