/** How long a run's builds will still take, by how long they took here before. */
import { packagesIn, type RunState, valuesOf } from "../events/index.ts";
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
  const building = packagesIn(run, "building");
  const slowness = slownessOf(run);
  const left = [...building, ...packagesIn(run, "waiting")].map((one) => {
    const { name, needs, expectedMs } = one;
    const behindMs = one.state === "building" ? nowMs - (one.node?.sinceMs ?? nowMs) : 0;
    const leftMs = Math.max(0, (expectedMs ?? 0) * slowness - behindMs);
    return { name, needs, isKnown: expectedMs !== undefined, expectedMs: leftMs };
  });
  if (!left.some(({ isKnown }) => isKnown)) return undefined;
  const lanes = { jobs: run.jobs, ahead: 0 };
  const begun = new Set(building.map(({ name }) => name));
  const ms = rehearse(left, { graph: graphOf(left), lanes, begun });
  return { ms, isWhole: left.every(({ isKnown }) => isKnown) };
}

/** Less says nothing about how fast the machine is today. */
const tellingMs = 5000;

/** How much longer than expected what has been built took: 1 when it is not known. */
function slownessOf({ packages }: RunState): number {
  let sumMs = 0;
  let tookMs = 0;
  for (const one of valuesOf(packages)) {
    if (one.expectedMs === undefined || one.tookMs === undefined) continue;
    sumMs += one.expectedMs;
    tookMs += one.tookMs;
  }
  return sumMs < tellingMs ? 1 : Math.min(4, Math.max(0.5, tookMs / sumMs));
}
