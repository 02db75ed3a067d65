/** `tenon graph` and `tenon log`: the recipes' dependencies, and where a build's output is. */
import { TenonError } from "../core/index.ts";
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
    const { version, build, depends } = recipeOf(recipes, name);
    return { name, version, system: build.system, build: depends.build, run: depends.run };
  });
}

/** The text of a package's newest log, or that of one run. */
export function readLog(
  world: World,
  options: SessionOptions & { readonly package: string; readonly run?: string },
): { readonly file: string; readonly chunks: Iterable<Uint8Array> } {
  const session = openSession(world, options);
  selectPackages(session, [options.package]);
  const file = session.state.findLog(options.package, options.run);
  if (file !== undefined) return { file, chunks: world.disk.readChunks(file) };
  throw new TenonError({
    kind: "usage",
    code: "NO_LOG",
    message: `${options.package} has no log here: it has not been built in this workspace`,
  });
}
