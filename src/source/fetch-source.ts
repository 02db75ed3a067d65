/** Bringing all that a recipe's build will need of the network into the store. */
import type { Pin, Recipe } from "../recipe/index.ts";
import type { SourceContext } from "./context.ts";
import { ensureCrates } from "./crates.ts";
import { ensureSource } from "./fetch.ts";
import { placeTree } from "./place.ts";

/**
 * Makes sure that the store has a recipe's source; a no-op for one that lies in a folder. Whoever
 * else fetches the same source meanwhile is waited for. Only a full commit id may go without a pin.
 * Throws a TenonError of kind `source`: `SOURCE_OFFLINE`, `SOURCE_UNREACHABLE`, `SOURCE_MISMATCH`
 * and the like.
 */
export async function fetchSource(
  context: SourceContext,
  recipe: Recipe,
  pin: Pin | undefined,
): Promise<void> {
  if (recipe.source === undefined) return;
  if (recipe.source.kind !== "path") await ensureSource(context, recipe, pin);
  await ensureCrates(context, recipe, pin, (directory) =>
    placeTree(context, recipe, pin, directory),
  );
}
