/** The built-in package that puts an interpreter into the prefix, on which all of Python stands. */
import { compareText } from "../core/index.ts";
import { isNeeded } from "./dependents.ts";
import type { Recipe } from "./recipe.ts";

export const pythonVenvName = "python-venv";

const builtIn: Recipe = {
  name: pythonVenvName,
  version: "1",
  file: "",
  patches: [],
  depends: { build: [], run: [] },
  build: { system: "python-venv", args: [], env: {} },
  stage: { drop: [], takesOver: [] },
};

/** With `python-venv` as a run dependency where the build system implies it. */
function withPythonVenv(recipe: Recipe): Recipe {
  const { system } = recipe.build;
  const { build, run } = recipe.depends;
  const isImplied = (system === "python" || system === "wheel") && recipe.name !== pythonVenvName;
  if (!isImplied || run.includes(pythonVenvName)) return recipe;
  return { ...recipe, depends: { build, run: [...run, pythonVenvName] } };
}

/** By name, in order; the built-in recipe is among them when one asks for it and none describes it. */
export function completeRecipes(recipes: readonly Recipe[]): Map<string, Recipe> {
  const all = recipes.map(withPythonVenv);
  if (isNeeded(all, pythonVenvName) && !all.some(({ name }) => name === pythonVenvName))
    all.push(builtIn);
  all.sort((a, b) => compareText(a.name, b.name));
  return new Map(all.map((recipe) => [recipe.name, recipe]));
}
