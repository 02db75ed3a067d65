/** The packages of a graph in an order in which each comes after what it needs. */

export interface Needing {
  readonly name: string;
  readonly needs: readonly string[];
}

/**
 * Needs that are not among the items count as met; what is in a circle, which no run has, is left
 * out. With counters instead of recursion: a chain may be longer than the call stack.
 */
export function dependenciesFirst<Item extends Needing>(items: readonly Item[]): Item[] {
  const dependents = new Map<string, Item[]>(items.map(({ name }) => [name, []]));
  const missing = new Map<string, number>();
  for (const item of items) {
    const needs = new Set(item.needs.filter((need) => dependents.has(need)));
    missing.set(item.name, needs.size);
    for (const need of needs) dependents.get(need)?.push(item);
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
