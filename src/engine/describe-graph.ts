/** The graph of a run as one event, so that its record says who needs whom without the recipes. */
import type { GraphPackage } from "../core/index.ts";
import { directDependencies, recipeOf } from "../plan/index.ts";
import type { Session } from "./session.ts";

export function describeGraph(
  { session, order }: { readonly session: Session; readonly order: readonly string[] },
  outOfDate: readonly string[],
): GraphPackage[] {
  const waiting = new Set(outOfDate);
  return order.map((name) => {
    const recipe = recipeOf(session.workspace.recipes, name);
    const upToDate = !waiting.has(name);
    const expectedMs = upToDate ? undefined : lastDuration(session, name);
    return {
      name,
      version: recipe.version,
      system: recipe.build.system,
      needs: directDependencies(recipe),
      upToDate,
      ...(expectedMs === undefined ? {} : { expectedMs }),
    };
  });
}

function lastDuration({ state, store }: Session, name: string): number | undefined {
  const last = state.lastBuild(name);
  return last === undefined ? undefined : store.lookUp(last.key)?.durationMs;
}
