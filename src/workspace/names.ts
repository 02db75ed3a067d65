/** Names of packages, for a person who has typed the beginning of one. */
import { readRecordHeads } from "../prefix/index.ts";
import type { World } from "../world/index.ts";
import { locateWorkspace, openWorkspace } from "./open-workspace.ts";
import { locatePrefix } from "./look-at-prefix.ts";
import type { SessionOptions } from "./session.ts";

/** Of the workspace's recipes, if there is one, and of what is installed. */
export async function listNames(world: World, options: SessionOptions): Promise<string[]> {
  const installed = readRecordHeads(world.disk, await locatePrefix(world, options)).keys();
  const hasRecipes = locateWorkspace(world, options) !== undefined;
  const recipes = hasRecipes ? openWorkspace(world, options).recipes.keys() : [];
  return [...new Set([...recipes, ...installed])];
}
