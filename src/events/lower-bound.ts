/** How fast a run could have been: its critical path, and its work divided by its jobs. */
import { findCriticalPath, graphOf } from "../plan/index.ts";
import type { LowerBound } from "./run.ts";

interface BoundItem {
  readonly name: string;
  readonly needs: readonly string[];
  /** Own time of the package, without any waiting. */
  readonly runMs: number;
  /** Its check comes after that, and nothing waits for it. */
  readonly checkMs: number;
  readonly processorMs: number;
}

/** Packages that took no time are left out of the path; the check of its last one counts. */
export function findLowerBound(
  items: readonly BoundItem[],
  jobs: number,
): Omit<LowerBound, "spanMs"> {
  const graph = graphOf(
    items.flatMap(({ name, needs, runMs, checkMs }) => [
      { name, needs, expectedMs: runMs },
      { name: `check ${name}`, needs: [name], expectedMs: checkMs },
    ]),
  );
  const longest = findCriticalPath(graph);
  const criticalMs = graph.remainingMs.get(longest[0] ?? "") ?? 0;
  const tookTime = new Set(items.filter(({ runMs }) => runMs > 0).map(({ name }) => name));
  const workMs = items
    .map((item) => Math.max(item.runMs + item.checkMs, item.processorMs))
    .reduce((total, each) => total + each, 0);
  const boundMs = Math.max(criticalMs, workMs / Math.max(1, jobs));
  return { path: longest.filter((name) => tookTime.has(name)), criticalMs, workMs, boundMs };
}
