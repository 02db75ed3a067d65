/** `tenon graph`: who needs whom. */
import { buildClosure, inOrder, recipeOf } from "../plan/index.ts";
import type { SageFacts } from "../recipe/index.ts";
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
  /** Of a SageMath checkout. */
  readonly sage?: SageFacts;
}

/** Dependencies before dependents. */
export function readGraph(
  world: World,
  options: SessionOptions & { readonly packages: readonly string[] },
): GraphNode[] {
  const session = openSession(world, options);
  const { recipes } = session.workspace;
  const selected = selectPackages(session, options.packages);
  return inOrder(recipes, buildClosure(recipes, selected)).map((name) => {
    const { version, build, depends, sage } = recipeOf(recipes, name);
    const facts = sage === undefined ? {} : { sage };
    return { name, version, system: build.system, ...depends, ...facts };
  });
}
