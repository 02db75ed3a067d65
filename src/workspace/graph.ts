/** `tenon graph`: who needs whom. */
import { buildClosure, inOrder, recipeOf } from "../plan/index.ts";
import type { World } from "../world/index.ts";
import { selectPackages } from "./selection.ts";
import { openSession, type SessionOptions } from "./session.ts";

export interface GraphNode {
  readonly name: string;
  readonly version: string;
  readonly system: string;
  readonly build: readonly string[];
  readonly run: readonly string[];
  readonly check?: readonly string[];
  /** What a companion says of it, in its own words. */
  readonly facts?: Readonly<Record<string, string>>;
}

/** Dependencies before dependents. */
export function readGraph(
  world: World,
  options: SessionOptions & { readonly packages: readonly string[] },
): GraphNode[] {
  const session = openSession(world, options);
  const { recipes, companion } = session.workspace;
  const selected = selectPackages(session, options.packages);
  return inOrder(recipes, buildClosure(recipes, selected)).map((name) => {
    const { version, build, depends } = recipeOf(recipes, name);
    const facts = companion?.packages.get(name)?.facts;
    const node = { name, version, system: build.system, ...depends };
    return facts === undefined ? node : { ...node, facts };
  });
}
