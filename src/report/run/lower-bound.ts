/** How fast a run could have been: its critical path, and its work divided by its jobs. */
import type { LowerBound } from "./run.ts";

export interface BoundItem {
  readonly name: string;
  readonly needs: readonly string[];
  /** Own time of the package, without any waiting. */
  readonly ownMs: number;
  readonly processorMs: number;
}

export function findLowerBound(
  items: readonly BoundItem[],
  jobs: number,
): Omit<LowerBound, "spanMs"> {
  const path = findCriticalPath(items);
  const ownMs = new Map(items.map((item) => [item.name, item.ownMs]));
  const criticalMs = path.reduce((total, name) => total + (ownMs.get(name) ?? 0), 0);
  const workMs = items.reduce((total, item) => total + Math.max(item.ownMs, item.processorMs), 0);
  return { path, criticalMs, workMs, boundMs: Math.max(criticalMs, workMs / Math.max(1, jobs)) };
}

/** The chain of dependencies that takes longest; packages that took no time are left out. */
function findCriticalPath(items: readonly BoundItem[]): string[] {
  const lengthMs = new Map<string, number>();
  const before = new Map<string, string>();
  let last: string | undefined;
  for (const { name, needs, ownMs } of dependenciesFirst(items)) {
    let longest: string | undefined;
    for (const need of needs) {
      if ((lengthMs.get(need) ?? 0) > (longest === undefined ? 0 : (lengthMs.get(longest) ?? 0))) {
        longest = need;
      }
    }
    if (longest !== undefined) before.set(name, longest);
    lengthMs.set(name, ownMs + (longest === undefined ? 0 : (lengthMs.get(longest) ?? 0)));
    if (last === undefined || (lengthMs.get(name) ?? 0) > (lengthMs.get(last) ?? 0)) last = name;
  }
  const own = new Map(items.map((item) => [item.name, item.ownMs]));
  const path: string[] = [];
  for (let name = last; name !== undefined; name = before.get(name)) {
    if ((own.get(name) ?? 0) > 0) path.unshift(name);
  }
  return path;
}

/** With counters instead of recursion: a chain may be longer than the call stack. */
function dependenciesFirst(items: readonly BoundItem[]): BoundItem[] {
  const known = new Map(items.map((item) => [item.name, item]));
  const dependents = new Map<string, BoundItem[]>();
  const missing = new Map<string, number>();
  for (const item of items) {
    const needs = item.needs.filter((need) => known.has(need));
    missing.set(item.name, needs.length);
    for (const need of needs) dependents.set(need, [...(dependents.get(need) ?? []), item]);
  }
  const ready = items.filter(({ name }) => missing.get(name) === 0);
  for (const { name } of ready) {
    for (const dependent of dependents.get(name) ?? []) {
      const left = (missing.get(dependent.name) ?? 0) - 1;
      missing.set(dependent.name, left);
      if (left === 0) ready.push(dependent);
    }
  }
  return ready;
}
