/** The text of a recipe for a Python project. */
import { relative } from "node:path";
import { stringify } from "smol-toml";
import type { Recipe, Source } from "./recipe.ts";

/**
 * What is the default is left out: a person is to read it and may go on writing. `folder` is where
 * its file will be, absolute.
 */
export function renderRecipe(recipe: Recipe, folder: string): string {
  const { name, version, wantedBy, source, depends, crates, build } = recipe;
  const lists = Object.entries(depends).filter(([, names]) => names.length > 0);
  return stringify({
    name,
    version,
    ...(wantedBy === undefined ? {} : { "wanted-by": wantedBy }),
    source: {
      ...(source === undefined ? {} : keysOf(source, folder)),
      ...(crates === undefined ? {} : { crates }),
    },
    ...(lists.length === 0 ? {} : { depends: Object.fromEntries(lists) }),
    build: {
      system: build.system,
      ...(build.directory === undefined ? {} : { directory: build.directory }),
    },
  });
}

function keysOf(source: Source, folder: string): Record<string, string> {
  switch (source.kind) {
    case "path":
      return { path: relative(folder, source.path) };
    case "url":
      return { url: source.urls[0] ?? "", ...sha256Of(source) };
    case "git":
      return { git: source.repository, rev: source.revision, ...sha256Of(source) };
    case "pypi":
      return { pypi: source.project };
  }
}

function sha256Of({ sha256 }: { readonly sha256?: string }): Record<string, string> {
  return sha256 === undefined ? {} : { sha256 };
}
