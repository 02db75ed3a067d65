/** Conflicts seen as soon as an artifact is finished, so that nothing is refused hours later. */
import { type Conflict, resolveClaims } from "../install/index.ts";
import { recipeOf } from "../plan/index.ts";
import { readRecords } from "../prefix/index.ts";
import type { Resolver } from "./resolver.ts";
import type { Session } from "./session.ts";

/** Those of one package against all that are finished, and against what else the prefix holds. */
export function conflictsWith(
  session: Session,
  resolver: Resolver,
  order: readonly string[],
  name: string,
): readonly Conflict[] {
  const finished = order.filter((each) => resolver.artifacts.has(each));
  const claimants = finished.map((each) => ({
    name: each,
    manifest: session.store.manifestOf(resolver.artifacts.get(each) ?? ""),
    takesOver: recipeOf(session.workspace.recipes, each).stage.takesOver,
  }));
  const ours = new Set(order);
  const others = [...readRecords(session.world.disk, session.layout).values()].filter(
    (record) => !ours.has(record.name),
  );
  const { conflicts } = resolveClaims(claimants, others);
  return conflicts.filter(
    (conflict) =>
      conflict.package === name || (conflict.kind === "owned" && conflict.owner === name),
  );
}
