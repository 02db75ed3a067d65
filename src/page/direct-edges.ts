/** The lines that a drawing needs: a need that follows from others is left out. */
import { graphOf, longestFirst, type WorkItem } from "../plan/work.ts";

export type DrawnNode = Pick<WorkItem, "name" | "needs">;

export interface Edge {
  /** What is needed. */
  readonly from: string;
  /** What needs it. */
  readonly to: string;
}

/** Sorted such that all lines into a package come before those out of it. */
export function directEdges(nodes: readonly DrawnNode[]): Edge[] {
  // What has more steps after it comes first; what is in a circle, which no run has, is left out.
  const graph = graphOf(nodes);
  const byLength = longestFirst(graph);
  const order = nodes
    .filter(({ name }) => graph.remainingMs.has(name))
    .sort((a, b) => byLength(a.name, b.name));
  const position = new Map(order.map(({ name }, at) => [name, at]));
  const words = Math.ceil(order.length / 32);
  const reached: Uint32Array[] = [];
  const edges: Edge[] = [];
  for (const { name, needs } of order) {
    const own = new Uint32Array(words);
    const known = needs.map((need) => position.get(need)).filter((at) => at !== undefined);
    // From the nearest need to the farthest: one that an earlier one reaches is not a line.
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
