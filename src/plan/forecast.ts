/** What can be said of a run beforehand: its critical path, the bound that no order beats, an estimate. */
import { insertSorted } from "../core/index.ts";
import { graphOf, longestFirst, type WorkGraph, type WorkItem } from "./work.ts";

export interface Forecast {
  /** The items that follow one another and together take longest, the first one first. */
  readonly criticalPath: readonly string[];
  readonly criticalPathMs: number;
  /** What takes jobs, all together. */
  readonly workMs: number;
  /** The greater of critical path and work shared by all jobs: no schedule is faster. */
  readonly lowerBoundMs: number;
  /** How long the scheduler takes when all last as long as expected. */
  readonly estimateMs: number;
}

interface Lanes {
  /** How many items run at once. */
  readonly jobs: number;
  /** How many items of the lane `ahead` run beside them. */
  readonly ahead: number;
  /** How many items of the lane `away` run beside them; none when absent. */
  readonly away?: number;
}

export function forecast(items: readonly WorkItem[], lanes: Lanes): Forecast {
  const graph = graphOf(items);
  const workMs = items
    .filter(({ lane }) => lane !== "ahead")
    .reduce((sum, { expectedMs = 1 }) => sum + expectedMs, 0);
  const criticalPath = findCriticalPath(graph);
  const criticalPathMs = graph.remainingMs.get(criticalPath[0] ?? "") ?? 0;
  return {
    criticalPath,
    criticalPathMs,
    workMs,
    lowerBoundMs: Math.max(criticalPathMs, workMs / (lanes.jobs + (lanes.away ?? 0))),
    estimateMs: rehearse(items, { graph, lanes }),
  };
}

/** Of what follows one another the items that take longest; what is in a circle is left out. */
export function findCriticalPath(graph: WorkGraph): string[] {
  const order = longestFirst(graph);
  const longest = (names: readonly string[]): string | undefined =>
    names.reduce<string | undefined>(
      (best, name) => (best === undefined || order(name, best) < 0 ? name : best),
      undefined,
    );
  const path: string[] = [];
  let at = longest([...graph.dependents.keys()].filter((name) => graph.remainingMs.has(name)));
  for (; at !== undefined; at = longest(graph.dependents.get(at) ?? [])) path.push(at);
  return path;
}

export interface Rehearsal {
  readonly graph: WorkGraph;
  readonly lanes: Lanes;
  /** What runs already comes before all others. */
  readonly begun?: ReadonlySet<string>;
}

/** How long it takes by the scheduler's own rule, on a clock that is only counted. */
export function rehearse(items: readonly WorkItem[], rehearsal: Rehearsal): number {
  const { graph, lanes, begun = new Set() } = rehearsal;
  const itemOf = new Map(items.map((item) => [item.name, item]));
  const waitingFor = new Map(graph.needCounts);
  const byLength = longestFirst(graph);
  const order = (a: string, b: string): number =>
    Number(begun.has(b)) - Number(begun.has(a)) || byLength(a, b);
  const ready = { job: [] as string[], ahead: [] as string[], away: [] as string[] };
  const room = { job: lanes.jobs, ahead: lanes.ahead, away: lanes.away ?? 0 };
  const running: { readonly item: WorkItem; readonly endMs: number }[] = [];
  const soonest = (a: (typeof running)[number], b: (typeof running)[number]): number =>
    a.endMs - b.endMs;
  let nowMs = 0;
  const enter = (name: string): void =>
    insertSorted(ready[itemOf.get(name)?.lane ?? "job"], name, order);
  for (const [name, count] of waitingFor) if (count === 0) enter(name);

  for (;;) {
    for (const lane of ["job", "ahead", "away"] as const) {
      while (room[lane] > 0 && ready[lane].length > 0) {
        room[lane] -= 1;
        const item = itemOf.get(ready[lane].shift() as string) as WorkItem;
        const endMs = nowMs + (item.expectedMs ?? 1);
        insertSorted(running, { item, endMs }, soonest);
      }
    }
    const ended = running.shift();
    if (ended === undefined) return nowMs;
    nowMs = ended.endMs;
    room[ended.item.lane ?? "job"] += 1;
    for (const dependent of graph.dependents.get(ended.item.name) ?? []) {
      const left = (waitingFor.get(dependent) ?? 0) - 1;
      waitingFor.set(dependent, left);
      if (left === 0) enter(dependent);
    }
  }
}
