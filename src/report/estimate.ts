/** How long a run's builds will still take, by how long they took here before. */
import type { RunState } from "../events/index.ts";

export interface Estimate {
  readonly ms: number;
  /** False when packages were never built here: it takes at least so long, and theirs besides. */
  readonly isWhole: boolean;
}

/**
 * Plays the rest of the run: the longest remaining path first, as many at once as there are jobs.
 * Undefined when nothing of it was ever built here.
 */
export function estimateRemaining(run: RunState, nowMs: number): Estimate | undefined {
  const left = new Map<string, number>();
  let known = 0;
  for (const name of [...buildingIn(run), ...run.waiting]) {
    const expectedMs = run.packages.get(name)?.expectedMs;
    if (expectedMs !== undefined) known += 1;
    const sinceMs = run.waiting.has(name) ? nowMs : (run.running.get(name)?.sinceMs ?? nowMs);
    left.set(name, Math.max(0, (expectedMs ?? 0) * run.slowness - (nowMs - sinceMs)));
  }
  if (known === 0) return undefined;
  return { ms: playMs(run, left), isWhole: known === left.size };
}

/** How long a check takes, or a fetch, is not known here. */
function buildingIn({ running }: RunState): string[] {
  return [...running.values()].filter(({ node }) => node === "build").map(({ name }) => name);
}

function playMs(run: RunState, left: ReadonlyMap<string, number>): number {
  const graph = prepare(run, left);
  const busy = buildingIn(run).map((name) => ({ name, endMs: left.get(name) ?? 0 }));
  const ready: string[] = [];
  const add = (name: string): void => {
    ready.splice(placeFor(ready, graph.path, name), 0, name);
  };
  for (const name of run.waiting) if (graph.missing.get(name) === 0) add(name);
  let timeMs = 0;
  for (;;) {
    while (busy.length < run.jobs && ready.length > 0) {
      const name = ready.shift() ?? "";
      busy.push({ name, endMs: timeMs + (left.get(name) ?? 0) });
    }
    if (busy.length === 0) return timeMs;
    const next = busy.reduce((first, one) => (one.endMs < first.endMs ? one : first));
    busy.splice(busy.indexOf(next), 1);
    timeMs = Math.max(timeMs, next.endMs);
    for (const name of graph.dependents.get(next.name) ?? []) {
      const missing = (graph.missing.get(name) ?? 0) - 1;
      graph.missing.set(name, missing);
      if (missing === 0) add(name);
    }
  }
}

interface Rest {
  readonly dependents: ReadonlyMap<string, readonly string[]>;
  /** How many of its needs have not ended. */
  readonly missing: Map<string, number>;
  /** The time of the longest chain from a package's start to the end of the run. */
  readonly path: ReadonlyMap<string, number>;
}

function prepare(run: RunState, left: ReadonlyMap<string, number>): Rest {
  const dependents = new Map<string, string[]>([...left.keys()].map((name) => [name, []]));
  const missing = new Map<string, number>();
  for (const name of run.waiting) {
    const needs = (run.packages.get(name)?.needs ?? []).filter((need) => left.has(need));
    missing.set(name, needs.length);
    for (const need of needs) dependents.get(need)?.push(name);
  }
  const path = new Map<string, number>();
  // Dependencies come first in the graph, so from its end each dependent is known already.
  for (const name of [...run.packages.keys()].reverse()) {
    const ownMs = left.get(name);
    if (ownMs === undefined) continue;
    const after = (dependents.get(name) ?? []).map((other) => path.get(other) ?? 0);
    path.set(name, ownMs + Math.max(0, ...after));
  }
  return { dependents, missing, path };
}

/** Where a name belongs in a list that has the longest path first. */
function placeFor(
  sorted: readonly string[],
  path: ReadonlyMap<string, number>,
  name: string,
): number {
  const own = path.get(name) ?? 0;
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((path.get(sorted[middle] ?? "") ?? 0) >= own) low = middle + 1;
    else high = middle;
  }
  return low;
}
