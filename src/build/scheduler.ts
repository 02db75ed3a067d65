/** Runs a graph of work: as much at once as the limit allows, what others wait for longest first. */
import { assert } from "../core/index.ts";

export interface WorkItem {
  readonly name: string;
  /** Names of items that must have succeeded before. */
  readonly needs: readonly string[];
}

export interface ScheduleOptions {
  /** How many items run at once. */
  readonly limit: number;
  /** Does one item; `running` counts it and those that run beside it. */
  readonly run: (name: string, running: number) => Promise<boolean>;
  /** Called for each item that cannot run because something it needs failed. */
  readonly onBlocked: (name: string, by: readonly string[]) => void;
  /** True stops anything new from starting. */
  readonly isStopped: () => boolean;
}

export interface ScheduleResult {
  readonly succeeded: readonly string[];
  readonly failed: readonly string[];
  /** With the failed items that block each. */
  readonly blocked: ReadonlyMap<string, readonly string[]>;
  /** Not started because of a stop. */
  readonly skipped: readonly string[];
}

/**
 * `run` gives whether the item succeeded; items that do not need a failed one go on. When `run`
 * throws, nothing new is started, and what it threw is thrown on as soon as nothing runs any more.
 * The graph must have no cycle.
 */
export async function schedule(
  items: readonly WorkItem[],
  options: ScheduleOptions,
): Promise<ScheduleResult> {
  assert(options.limit >= 1, "at least one item must be allowed to run");
  const graph = prepareGraph(items);
  const succeeded: string[] = [];
  const failed: string[] = [];
  const blocked = new Map<string, readonly string[]>();
  const running = new Map<string, Promise<void>>();
  const thrown: unknown[] = [];
  const ready = [...graph.waitingFor].filter(([, count]) => count === 0).map(([name]) => name);

  const finish = (name: string, good: boolean): void => {
    if (!good) {
      failed.push(name);
      block(graph, blocked, name, options.onBlocked);
      return;
    }
    succeeded.push(name);
    for (const dependent of graph.dependents.get(name) ?? []) {
      const left = (graph.waitingFor.get(dependent) ?? 0) - 1;
      graph.waitingFor.set(dependent, left);
      if (left === 0 && !blocked.has(dependent)) ready.push(dependent);
    }
  };

  const runOne = async (name: string, count: number): Promise<void> => {
    try {
      finish(name, await options.run(name, count));
    } catch (error) {
      thrown.push(error);
    }
  };
  const mayStart = (): boolean =>
    running.size < options.limit && thrown.length === 0 && !options.isStopped();

  for (;;) {
    ready.sort((a, b) => (graph.weight.get(b) ?? 0) - (graph.weight.get(a) ?? 0));
    while (ready.length > 0 && mayStart()) {
      const name = ready.shift() as string;
      const work = runOne(name, running.size + 1).then(() => void running.delete(name));
      running.set(name, work);
    }
    if (running.size === 0) break;
    await Promise.race(running.values());
  }
  if (thrown.length > 0) throw thrown[0];
  const ended = new Set([...succeeded, ...failed, ...blocked.keys()]);
  const skipped = items.map(({ name }) => name).filter((name) => !ended.has(name));
  return { succeeded, failed, blocked, skipped };
}

interface Graph {
  readonly dependents: ReadonlyMap<string, readonly string[]>;
  /** How many of its needs are not met yet. */
  readonly waitingFor: Map<string, number>;
  /** The length of the longest chain that waits for an item. */
  readonly weight: ReadonlyMap<string, number>;
}

function prepareGraph(items: readonly WorkItem[]): Graph {
  const names = new Set(items.map(({ name }) => name));
  const dependents = new Map<string, string[]>(items.map(({ name }) => [name, []]));
  const waitingFor = new Map<string, number>();
  for (const { name, needs } of items) {
    const inside = needs.filter((need) => names.has(need));
    waitingFor.set(name, inside.length);
    for (const need of inside) dependents.get(need)?.push(name);
  }
  return { dependents, waitingFor, weight: weigh(items, dependents) };
}

/** From those on which nothing waits to the first ones; a chain may be longer than the call stack. */
function weigh(
  items: readonly WorkItem[],
  dependents: ReadonlyMap<string, readonly string[]>,
): Map<string, number> {
  const needs = new Map(items.map((item) => [item.name, item.needs]));
  const unweighed = new Map([...dependents].map(([name, waiting]) => [name, waiting.length]));
  const weight = new Map<string, number>();
  const last = [...unweighed].filter(([, count]) => count === 0).map(([name]) => name);
  for (let name = last.pop(); name !== undefined; name = last.pop()) {
    const ownWeight = (weight.get(name) ?? 0) + 1;
    weight.set(name, ownWeight);
    for (const need of needs.get(name) ?? []) {
      const left = unweighed.get(need);
      if (left === undefined) continue;
      weight.set(need, Math.max(weight.get(need) ?? 0, ownWeight));
      unweighed.set(need, left - 1);
      if (left === 1) last.push(need);
    }
  }
  return weight;
}

function block(
  graph: Graph,
  blocked: Map<string, readonly string[]>,
  failed: string,
  onBlocked: ScheduleOptions["onBlocked"],
): void {
  const reached = new Set(graph.dependents.get(failed));
  for (const name of reached) {
    for (const dependent of graph.dependents.get(name) ?? []) reached.add(dependent);
    const by = [...(blocked.get(name) ?? []), failed];
    blocked.set(name, by);
    if (by.length === 1) onBlocked(name, by);
  }
}
