/** The commands that build or fetch; what they need is loaded when one is called. */
import type { World } from "../world/index.ts";
import type { BuildOptions, BuildResult } from "./build.ts";
import type { FetchOptions, FetchResult, LockResult } from "./sources.ts";
import type { SessionOptions } from "./session.ts";
import type { Explanation, WhyOptions } from "./why.ts";

/** Builds what is out of date, then changes the prefix in one transaction. */
export async function build(world: World, options: BuildOptions): Promise<BuildResult> {
  const { runBuild } = await import("./build.ts");
  return runBuild(world, options);
}

/** Pins sources that have no digest yet. */
export async function lockSources(world: World, options: SessionOptions): Promise<LockResult> {
  const sources = await import("./sources.ts");
  return sources.lockSources(world, options);
}

/** Brings every source into the store. */
export async function fetchSources(world: World, options: FetchOptions): Promise<FetchResult> {
  const sources = await import("./sources.ts");
  return sources.fetchSources(world, options);
}

/** Says for each package which of its inputs changed since it was last built here. */
export async function explainWhy(
  world: World,
  options: WhyOptions,
): Promise<readonly Explanation[]> {
  const why = await import("./why.ts");
  return why.explainWhy(world, options);
}
