/** How long a run's builds will still take, by how long they took here before. */
import type { RunState } from "../events/index.ts";
import { graphOf, rehearse } from "../plan/index.ts";

export interface Estimate {
  readonly ms: number;
  /** False when packages were never built here: it takes at least so long, and theirs besides. */
  readonly isWhole: boolean;
}

/**
 * Rehearses the rest of the run; how long a check takes, or a fetch, is not known here. Undefined
 * when nothing of it was ever built here.
 */
export function estimateRemaining(run: RunState, nowMs: number): Estimate | undefined {
  const building = [...run.running.values()].filter(({ node }) => node === "build");
  const elapsedMs = new Map(building.map(({ name, sinceMs }) => [name, nowMs - sinceMs]));
  const left = [...elapsedMs.keys(), ...run.waiting].map((name) => {
    const { needs = [], expectedMs } = run.packages.get(name) ?? {};
    const wholeMs = (expectedMs ?? 0) * run.slowness;
    const leftMs = Math.max(0, wholeMs - (elapsedMs.get(name) ?? 0));
    return { name, needs, isKnown: expectedMs !== undefined, expectedMs: leftMs };
  });
  if (!left.some(({ isKnown }) => isKnown)) return undefined;
  const lanes = { jobs: run.jobs, ahead: 0 };
  const ms = rehearse(left, { graph: graphOf(left), lanes, begun: new Set(elapsedMs.keys()) });
  return { ms, isWhole: left.every(({ isKnown }) => isKnown) };
}
