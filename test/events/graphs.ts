/** Random graphs without a circle, for laws. */
import fc from "fast-check";

export interface TestNode {
  readonly name: string;
  readonly needs: readonly string[];
}

/** Each package needs some of those before it; the order of the list says nothing. */
export const acyclicGraphs: fc.Arbitrary<TestNode[]> = fc
  .array(fc.array(fc.nat(), { maxLength: 4 }), { minLength: 1, maxLength: 30 })
  .map((picks) =>
    picks.map((own, at) => ({
      name: `p${at}`,
      needs: at === 0 ? [] : [...new Set(own.map((pick) => `p${pick % at}`))],
    })),
  )
  .chain((nodes) => fc.shuffledSubarray(nodes, { minLength: nodes.length }));
