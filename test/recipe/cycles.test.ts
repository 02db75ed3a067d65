/** Circles are found exactly where there are some. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { findCycles, type NameGraph } from "../../src/recipe/index.ts";

function graphOf(edges: Readonly<Record<string, string>>): NameGraph {
  return new Map(Object.entries(edges).map(([name, needed]) => [name, [...needed]]));
}

test("none in a diamond", () => {
  expect(findCycles(graphOf({ a: "bc", b: "d", c: "d", d: "" }))).toEqual([]);
});

test("one from its first name on, without what leads to it and away from it", () => {
  expect(findCycles(graphOf({ a: "d", b: "d", c: "b", d: "ce", e: "" }))).toEqual([
    ["b", "d", "c"],
  ]);
});

test("names that are no package are ignored", () => {
  expect(findCycles(graphOf({ a: "x", b: "a" }))).toEqual([]);
});

test("a name that needs itself is a circle of one", () => {
  expect(findCycles(graphOf({ a: "a" }))).toEqual([["a"]]);
});

test("a chain of a hundred thousand names needs no deep stack", () => {
  const chain = new Map<string, string[]>();
  for (let index = 0; index < 100_000; index += 1) chain.set(`${index}`, [`${index + 1}`]);
  expect(findCycles(chain).length).toBe(0);
  chain.set("100000", ["0"]);
  expect(findCycles(chain)[0]?.length).toBe(100_001);
});

const names = ["a", "b", "c", "d", "e", "f", "g"];
const graphs = fc
  .tuple(...names.map(() => fc.subarray(names, { maxLength: 3 })))
  .map((lists) => new Map(names.map((name, index) => [name, lists[index] ?? []])));

test("there is one exactly when the names cannot be put in order, and each is real", () => {
  fc.assert(
    fc.property(graphs, (graph) => {
      const cycles = findCycles(graph);
      expect(cycles.length > 0).toBe(!canBeOrdered(graph));
      expect(new Set(cycles.flat()).size).toBe(cycles.flat().length);
      for (const cycle of cycles) {
        expect([...cycle].sort()[0]).toBe(cycle[0]);
        cycle.forEach((name, index) => {
          expect(graph.get(name)).toContain(cycle[(index + 1) % cycle.length]);
        });
      }
    }),
  );
});

function canBeOrdered(graph: NameGraph): boolean {
  const done = new Set<string>();
  for (let before = -1; before < done.size;) {
    before = done.size;
    for (const [name, needed] of graph)
      if (needed.every((other) => done.has(other))) done.add(name);
  }
  return done.size === graph.size;
}
