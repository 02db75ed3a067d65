/** The part of a package key that stands for the source. */
import { assert, type Digest, digestOf } from "../core/index.ts";
import { isFullCommit, type Pin, type Recipe } from "../recipe/index.ts";
import type { SourceContext } from "./context.ts";
import { subjectOf } from "./fetch.ts";
import { digestPath } from "./path-source.ts";

/**
 * For a local folder the digest of its tree as it is now; for a full commit id that of the id, with
 * a pin or without; for everything else the pinned one; and a fixed one where there is no source.
 * Patches are not covered: they are the recipe's.
 */
export function digestSource(context: SourceContext, recipe: Recipe, pin?: Pin): Digest {
  const { source } = recipe;
  if (source === undefined) return digestOf("");
  if (source.kind === "path") return digestPath(context, { ...subjectOf(recipe), source });
  if (source.kind === "git" && isFullCommit(source.revision)) return digestOf(source.revision);
  assert(pin !== undefined, `the source of ${recipe.name} is used before it is pinned`);
  return pin.sha256;
}
