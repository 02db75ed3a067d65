/** The lines that a drawing needs: a need that follows from others is left out. */

export interface GraphNode {
  readonly name: string;
  readonly needs: readonly string[];
}

export interface Edge {
  /** What is needed. */
  readonly from: string;
  /** What needs it. */
  readonly to: string;
}

/** Sorted such that all lines into a package come before those out of it. */
export function directEdges(nodes: readonly GraphNode[]): Edge[] {
  const order = inOrder(nodes);
  const position = new Map(order.map(({ name }, at) => [name, at]));
  const words = Math.ceil(order.length / 32);
  const reached: Uint32Array[] = [];
  const edges: Edge[] = [];
  for (const { name, needs } of order) {
    const own = new Uint32Array(words);
    const known = needs.map((need) => position.get(need)).filter((at) => at !== undefined);
    // From the nearest need to the farthest: one that an earlier one reaches is no line.
    for (const at of known.toSorted((a, b) => b - a)) {
      const word = at >> 5;
      const bit = 1 << (at & 31);
      if (((own[word] ?? 0) & bit) !== 0) continue;
      own[word] = (own[word] ?? 0) | bit;
      reached[at]?.forEach((bits, index) => (own[index] = (own[index] ?? 0) | bits));
      edges.push({ from: order[at]?.name ?? "", to: name });
    }
    reached.push(own);
  }
  return edges;
}

/** Dependencies first; what is in a circle, which no run has, is left out. */
function inOrder(nodes: readonly GraphNode[]): GraphNode[] {
  const known = new Set(nodes.map(({ name }) => name));
  const missing = new Map<string, number>();
  const dependents = new Map<string, GraphNode[]>();
  for (const node of nodes) {
    const needs = new Set(node.needs.filter((need) => known.has(need)));
    missing.set(node.name, needs.size);
    for (const need of needs) dependents.set(need, [...(dependents.get(need) ?? []), node]);
  }
  const ready = nodes.filter(({ name }) => missing.get(name) === 0);
  for (const { name } of ready) {
    for (const dependent of dependents.get(name) ?? []) {
      const left = (missing.get(dependent.name) ?? 0) - 1;
      missing.set(dependent.name, left);
      if (left === 0) ready.push(dependent);
    }
  }
  return ready;
}
