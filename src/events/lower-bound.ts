/** How fast a run could have been: its critical path, and its work divided by its jobs. */
import { dependenciesFirst, type Needing } from "./dependencies-first.ts";
import type { LowerBound } from "./run.ts";

export interface BoundItem extends Needing {
  /** Own time of the package, without any waiting. */
  readonly ownMs: number;
  /** Its check comes after that, and nothing waits for it. */
  readonly checkMs: number;
  readonly processorMs: number;
}

export function findLowerBound(
  items: readonly BoundItem[],
  jobs: number,
): Omit<LowerBound, "spanMs"> {
  const path = findCriticalPath(items);
  const known = new Map(items.map((item) => [item.name, item]));
  const ownMs = path.reduce((total, name) => total + (known.get(name)?.ownMs ?? 0), 0);
  const criticalMs = ownMs + (known.get(path.at(-1) ?? "")?.checkMs ?? 0);
  const workMs = items
    .map((item) => Math.max(item.ownMs + item.checkMs, item.processorMs))
    .reduce((total, each) => total + each, 0);
  return { path, criticalMs, workMs, boundMs: Math.max(criticalMs, workMs / Math.max(1, jobs)) };
}

/** The chain of dependencies that takes longest, with the check of the last; packages that took no time are left out. */
function findCriticalPath(items: readonly BoundItem[]): string[] {
  const lengthMs = new Map<string, number>();
  const before = new Map<string, string>();
  let last: string | undefined;
  let lastMs = 0;
  for (const { name, needs, ownMs, checkMs } of dependenciesFirst(items)) {
    let longest: string | undefined;
    for (const need of needs) {
      if ((lengthMs.get(need) ?? 0) > (longest === undefined ? 0 : (lengthMs.get(longest) ?? 0))) {
        longest = need;
      }
    }
    if (longest !== undefined) before.set(name, longest);
    const pathMs = ownMs + (longest === undefined ? 0 : (lengthMs.get(longest) ?? 0));
    lengthMs.set(name, pathMs);
    if (last !== undefined && pathMs + checkMs <= lastMs) continue;
    last = name;
    lastMs = pathMs + checkMs;
  }
  const own = new Map(items.map((item) => [item.name, item.ownMs]));
  const path: string[] = [];
  for (let name = last; name !== undefined; name = before.get(name)) {
    if ((own.get(name) ?? 0) > 0) path.unshift(name);
  }
  return path;
}
