/** What the record of a package says of it for those who use it: what its recipe says, and where its source is published. */
import { type About, type PublishedSource, withoutCredentials } from "../core/index.ts";
import { pinOf } from "./pins.ts";
import type { Lockfile, Recipe } from "./recipe.ts";

/** Undefined where there is nothing to say. */
export function aboutPackage(recipe: Recipe, lock: Lockfile): About | undefined {
  const source = publishedSource(recipe, lock);
  return source === undefined ? recipe.about : { ...recipe.about, source };
}

function publishedSource(recipe: Recipe, lock: Lockfile): PublishedSource | undefined {
  const { source } = recipe;
  if (source === undefined || source.kind === "path") return undefined;
  const { sha256, file, commit } = pinOf(recipe, lock) ?? {};
  const facts = {
    ...(sha256 === undefined ? {} : { sha256 }),
    ...(file === undefined ? {} : { file }),
  };
  switch (source.kind) {
    case "url": {
      const place = source.urls[0] ?? "";
      return place.startsWith("file:") ? undefined : { place: withoutCredentials(place), ...facts };
    }
    case "git": {
      const { repository, revision } = source;
      if (/^(\/|file:)/.test(repository)) return undefined;
      return { place: `git+${withoutCredentials(repository)}@${commit ?? revision}`, ...facts };
    }
    case "pypi":
      return { place: `pkg:pypi/${source.project}@${source.version}`, ...facts };
  }
}
