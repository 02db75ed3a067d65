/** How fast a run could have been: its critical path, and its work divided by its jobs. */
import { dependenciesFirst, type Needing } from "./dependencies-first.ts";
import type { LowerBound } from "./run.ts";

export interface BoundItem extends Needing {
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
