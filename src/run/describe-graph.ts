/** The graph of a run as one event, so that its record says who needs whom without the recipes. */
import type { GraphPackage } from "../core/index.ts";
import { directDependencies, recipeOf, type WorkItem } from "../plan/index.ts";
import type { Durations, Session } from "../workspace/index.ts";
import { nodeName } from "./work-items.ts";

export function describeGraph(
  { session, order }: { readonly session: Session; readonly order: readonly string[] },
  outOfDate: readonly string[],
  { items, durations }: { readonly items: readonly WorkItem[]; readonly durations: Durations },
): GraphPackage[] {
  const waiting = new Set(outOfDate);
  const nodes = new Set(items.map((item) => item.name));
  return order.map((name) => {
    const recipe = recipeOf(session.workspace.recipes, name);
    const upToDate = !waiting.has(name);
    const expectedMs = upToDate ? undefined : durations.of("build", name)?.durationMs;
    return {
      name,
      version: recipe.version,
      system: recipe.build.system,
      needs: directDependencies(recipe),
      upToDate,
      ...(nodes.has(nodeName("check", name)) ? { hasCheck: true } : {}),
      ...(expectedMs === undefined ? {} : { expectedMs: Math.round(expectedMs) }),
    };
  });
}
