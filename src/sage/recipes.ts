/** Packages of a checkout as recipes: the scripts are Sage's own, run in a view. */
import { compareText } from "../core/index.ts";
import type { Dependencies, Recipe, Source } from "../recipe/index.ts";
import type { Checkout } from "./checkout.ts";
import { noDependencies, type SageDependencies } from "./dependencies.ts";
import type { SagePackage } from "./package.ts";
import type { SageRecipe, SageStamp } from "./sage-recipe.ts";

/** What Sage calls the version of a package that has none. */
const noVersion = "none";

/** For planning, before configure has run: every dependency counts, and nothing can be built. */
export function planningRecipes({ packages, dependencies, wheelTools }: Checkout): SageRecipe[] {
  return [...packages.values()].map((item) => {
    const needs = dependencies.get(item.name) ?? noDependencies;
    const depends = edgesOf(item, needs, wheelTools);
    const [tree = "SAGE_LOCAL"] = item.trees;
    return recipeFor(item, { depends, script: "false", tree });
  });
}

export interface RecipeParts {
  readonly depends: Dependencies;
  readonly script: string;
  /** The variable that names the prefix it goes to. */
  readonly tree: string;
  readonly check?: string;
  readonly source?: Source;
  /** All files that the result depends on, absolute. */
  readonly inputFiles?: () => readonly string[];
  readonly refusal?: SageRecipe["refusal"];
  /** Paths that are left out, relative to the prefix. */
  readonly drop?: readonly string[];
  readonly stamp?: SageStamp;
  readonly outside?: Recipe["build"]["outside"];
  readonly env?: Recipe["build"]["env"];
}

export function recipeFor(item: SagePackage, parts: RecipeParts): SageRecipe {
  const { depends, script, check, source, inputFiles, refusal, drop = [], stamp, outside } = parts;
  return {
    name: item.name,
    version: item.version ?? noVersion,
    file: item.directory,
    ...(source === undefined ? {} : { source }),
    patches: [],
    ...(inputFiles === undefined ? {} : { inputFiles }),
    depends,
    build: {
      system: "script",
      script,
      args: [],
      env: parts.env ?? {},
      ...(item.source === "pip" ? { online: true } : {}),
      ...(item.source === "wheel" ? { unpacked: true } : {}),
      ...(outside === undefined ? {} : { outside }),
    },
    ...(check === undefined ? {} : { check }),
    stage: { drop, takesOver: [] },
    ...(refusal === undefined ? {} : { refusal }),
    sage: { type: item.type, source: item.source, tree: parts.tree },
    ...(stamp === undefined ? {} : { sageStamp: stamp }),
  };
}

/**
 * Each edge once: what is needed at run time is in the view while building, too.
 *
 * To the right of the bar stands what has to be there first; in Sage's one prefix it is then there for
 * everybody who comes later. Python packages rely on that, and write down what they import there.
 * Only the tools that make wheels are known to be for building alone. pip leaves out whatever it finds
 * in the view, so a package that it chooses needs all of that.
 */
export function edgesOf(
  item: SagePackage,
  needs: SageDependencies,
  wheelTools: ReadonlySet<string>,
): Dependencies {
  const { build, orderOnly, run, check } = needs;
  const needed = new Set([...run, ...importedOf(item, needs, wheelTools)]);
  const forBuilding = [...new Set([...build, ...orderOnly])].filter((name) => !needed.has(name));
  return {
    build: forBuilding.sort(compareText),
    run: [...needed].sort(compareText),
    check,
  };
}

function importedOf(
  item: SagePackage,
  { build, orderOnly }: SageDependencies,
  wheelTools: ReadonlySet<string>,
): readonly string[] {
  if (item.source === "pip") return [...build, ...orderOnly];
  return item.distribution === undefined ? [] : orderOnly.filter((name) => !wheelTools.has(name));
}
