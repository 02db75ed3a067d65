/** Fetching a source before its build can begin. */
import { TenonError } from "../core/index.ts";
import { recipeOf } from "../plan/index.ts";
import { pinOf } from "../recipe/index.ts";
import { fetchSource } from "../source/index.ts";
import { isDiskError } from "../world/index.ts";
import type { Durations, Session } from "../workspace/index.ts";

/** A failure is only told: the build asks for the source again, if it comes to need it at all. */
export async function fetchAhead(
  session: Session,
  name: string,
  durations: Durations,
): Promise<void> {
  const { clock } = session.world;
  const { recipes, lock } = session.workspace;
  const recipe = recipeOf(recipes, name);
  const startedMs = clock.monotonicMs();
  try {
    await fetchSource(session.sources, recipe, pinOf(recipe, lock));
    durations.record("fetch", name, { durationMs: clock.monotonicMs() - startedMs });
  } catch (error) {
    const isExpected =
      (error instanceof TenonError && error.kind !== "internal") || isDiskError(error);
    if (!isExpected) throw error;
    if (session.options.signal?.aborted) return;
    session.options.emit({ kind: "fetch-failed", package: name, reason: error.message });
  }
}
