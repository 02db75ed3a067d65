/** The text of a recipe for a project of the Python package index. */
import { stringify } from "smol-toml";
import type { Recipe } from "./recipe.ts";

/** What is the default is left out: a person is to read it and may go on writing. */
export function renderPypiRecipe(
  recipe: Pick<Recipe, "name" | "version" | "crates" | "depends" | "build"> & {
    readonly project: string;
  },
): string {
  const { name, version, project, depends, crates } = recipe;
  const lists = Object.entries(depends).filter(([, names]) => names.length > 0);
  return stringify({
    name,
    version,
    source: { pypi: project, ...(crates === undefined ? {} : { crates }) },
    ...(lists.length === 0 ? {} : { depends: Object.fromEntries(lists) }),
    build: { system: recipe.build.system },
  });
}
