/** Finds the circles in a graph of names. */
import { assert } from "../core/index.ts";

/** Each name with the names that it needs; names that are not a key of the map are ignored. */
export type NameGraph = ReadonlyMap<string, readonly string[]>;

/**
 * Circles that share no name, each as the names along it (`a`, `b` for `a → b → a`), beginning
 * with its first name in the alphabet. There is at least one when the graph has any, and none has
 * a short cut.
 */
export function findCycles(graph: NameGraph): string[][] {
  const cycles: string[][] = [];
  let rest = withoutUnneeded(graph);
  while (rest.size > 0) {
    // In the rest, every name is needed by another: walking backward leads into a circle.
    const cycle = anyCycle(reversed(rest)).reverse();
    cycles.push(fromItsFirstName(cycle));
    const gone = new Set(cycle);
    rest = withoutUnneeded(new Map([...rest].filter(([name]) => !gone.has(name))));
  }
  return cycles;
}

/** Takes away, again and again, what nothing that is left needs. */
function withoutUnneeded(graph: NameGraph): NameGraph {
  const dependents = new Map<string, number>();
  for (const name of graph.keys()) dependents.set(name, 0);
  for (const needed of graph.values()) {
    for (const other of needed) {
      const count = dependents.get(other);
      if (count !== undefined) dependents.set(other, count + 1);
    }
  }
  const unneeded = [...graph.keys()].filter((name) => dependents.get(name) === 0);
  for (const name of unneeded) {
    dependents.delete(name);
    for (const other of graph.get(name) ?? []) {
      const count = dependents.get(other);
      if (count === undefined) continue;
      dependents.set(other, count - 1);
      if (count === 1) unneeded.push(other);
    }
  }
  return new Map([...graph].filter(([name]) => dependents.has(name)));
}

function reversed(graph: NameGraph): NameGraph {
  const dependents = new Map<string, string[]>([...graph.keys()].map((name) => [name, []]));
  for (const [name, needed] of graph) {
    for (const other of needed) dependents.get(other)?.push(name);
  }
  return dependents;
}

/** In a graph of which every name needs another one of it, so that every walk ends in a circle. */
function anyCycle(graph: NameGraph): string[] {
  const walked = new Set<string>();
  let name = [...graph.keys()].reduce((a, b) => (a < b ? a : b));
  while (!walked.has(name)) {
    walked.add(name);
    const next = graph.get(name)?.find((needed) => graph.has(needed));
    assert(next !== undefined, `${name} is in no circle and leads to none`);
    name = next;
  }
  return shortestCycleThrough(graph, name);
}

function fromItsFirstName(cycle: string[]): string[] {
  const start = cycle.indexOf(cycle.reduce((a, b) => (a < b ? a : b)));
  return [...cycle.slice(start), ...cycle.slice(0, start)];
}

/** A search in breadth, so that the first way back to the start, which is in one, is a shortest. */
function shortestCycleThrough(graph: NameGraph, start: string): string[] {
  const reachedFrom = new Map<string, string>();
  const queue = [start];
  for (const name of queue) {
    for (const needed of graph.get(name) ?? []) {
      if (!graph.has(needed) || reachedFrom.has(needed)) continue;
      reachedFrom.set(needed, name);
      queue.push(needed);
    }
    if (reachedFrom.has(start)) break;
  }
  return wayBack(start, reachedFrom);
}

function wayBack(start: string, reachedFrom: ReadonlyMap<string, string>): string[] {
  const way = [start];
  for (let name = reachedFrom.get(start); name !== start && name !== undefined;) {
    way.push(name);
    name = reachedFrom.get(name);
  }
  return [start, ...way.slice(1).reverse()];
}
