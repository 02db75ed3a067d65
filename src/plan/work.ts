/** Work with an order: what needs what, and how long the rest of the way is from each item. */

export interface WorkItem {
  readonly name: string;
  /** Names of items that must have succeeded before; what is not an item is done already. */
  readonly needs: readonly string[];
  /** `ahead`: takes no job, such as a download; `away`: is done on another machine; `job` when absent. */
  readonly lane?: "job" | "ahead" | "away";
  /** How long it is expected to take; all take the same when absent. */
  readonly expectedMs?: number;
}

export interface WorkGraph {
  readonly dependents: ReadonlyMap<string, readonly string[]>;
  /** How many of its needs are items. */
  readonly needCounts: ReadonlyMap<string, number>;
  /** The longest time from the start of an item to the end of what waits for it. */
  readonly remainingMs: ReadonlyMap<string, number>;
}

/** The items must have no cycle. */
export function graphOf(items: readonly WorkItem[]): WorkGraph {
  const dependents = new Map<string, string[]>(items.map(({ name }) => [name, []]));
  const needCounts = new Map<string, number>();
  for (const { name, needs } of items) {
    const inside = needs.filter((need) => dependents.has(need));
    needCounts.set(name, inside.length);
    for (const need of inside) dependents.get(need)?.push(name);
  }
  return { dependents, needCounts, remainingMs: measureRemaining(items, dependents) };
}

/** From those on which nothing waits to the first ones; a chain may be longer than the call stack. */
function measureRemaining(
  items: readonly WorkItem[],
  dependents: ReadonlyMap<string, readonly string[]>,
): Map<string, number> {
  const itemOf = new Map(items.map((item) => [item.name, item]));
  const unmeasured = new Map([...dependents].map(([name, waiting]) => [name, waiting.length]));
  const remaining = new Map<string, number>();
  const last = [...unmeasured].filter(([, count]) => count === 0).map(([name]) => name);
  for (let name = last.pop(); name !== undefined; name = last.pop()) {
    const item = itemOf.get(name);
    const ownMs = (remaining.get(name) ?? 0) + (item?.expectedMs ?? 1);
    remaining.set(name, ownMs);
    for (const need of item?.needs ?? []) {
      const left = unmeasured.get(need);
      if (left === undefined) continue;
      remaining.set(need, Math.max(remaining.get(need) ?? 0, ownMs));
      unmeasured.set(need, left - 1);
      if (left === 1) last.push(need);
    }
  }
  return remaining;
}

/** Sorts names so that the one with the longest way before it comes first. */
export function longestFirst(graph: WorkGraph): (a: string, b: string) => number {
  return (a, b) => (graph.remainingMs.get(b) ?? 0) - (graph.remainingMs.get(a) ?? 0);
}
