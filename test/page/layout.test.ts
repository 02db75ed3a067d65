/** Laws of the drawing of a graph. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { directEdges } from "../../src/page/direct-edges.ts";
import { chooseLabels, type LabelBox } from "../../src/page/labels.ts";
import { layOut } from "../../src/page/layout.ts";
import { moveApart } from "../../src/page/move-apart.ts";
import { acyclicGraphs, type TestNode } from "../events/graphs.ts";

const spacing = { column: 100, row: 20, aspect: 1.5 };

test("law: what is needed stands to the left, and no two packages share a place", () => {
  fc.assert(
    fc.property(acyclicGraphs, (graph) => {
      const { places, width, height } = layOut(graph, spacing);
      expect(places.size).toBe(graph.length);
      for (const { name, needs } of graph) {
        for (const need of needs) {
          expect(places.get(need)?.x).toBeLessThan(places.get(name)?.x ?? 0);
        }
      }
      const all = [...places.values()];
      for (const one of all) {
        expect(one.x >= 0 && one.x <= width && one.y >= 0 && one.y <= height).toBe(true);
        for (const other of all) {
          if (one === other || one.x !== other.x) continue;
          expect(Math.abs(one.y - other.y)).toBeGreaterThan(spacing.row - 1e-6);
        }
      }
    }),
  );
});

test("law: the lines reach what the needs reach, and none can be left out", () => {
  fc.assert(
    fc.property(acyclicGraphs, (graph) => {
      const edges = directEdges(graph);
      const needs = reachOf(graph);
      const withLines = (lines: readonly { from: string; to: string }[]) =>
        reachOf(
          graph.map(({ name }) => ({
            name,
            needs: lines.filter(({ to }) => to === name).map(({ from }) => from),
          })),
        );
      expect(withLines(edges)).toEqual(needs);
      for (const left of edges) {
        expect(withLines(edges.filter((edge) => edge !== left))).not.toEqual(needs);
      }
    }),
    { numRuns: 40 },
  );
});

test("law: heights keep their order and their distance, and move no more than they must", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -500, max: 500 })), (wanted) => {
      const heights = moveApart(wanted, 20);
      heights.forEach((height, at) => {
        if (at > 0) expect(height - (heights[at - 1] ?? 0)).toBeGreaterThan(20 - 1e-6);
      });
      const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
      expect(sum(heights)).toBeCloseTo(sum(wanted));
    }),
  );
  expect(moveApart([0, 100, 200], 20)).toEqual([0, 100, 200]);
  expect(moveApart([50, 50, 50], 20)).toEqual([30, 50, 70]);
});

test("law: shown names do not cover each other, and a higher rank comes first", () => {
  const box = fc.record({
    x: fc.integer({ min: 0, max: 600 }),
    y: fc.integer({ min: 0, max: 200 }),
    length: fc.integer({ min: 1, max: 30 }),
  });
  fc.assert(
    fc.property(fc.array(box, { minLength: 1, maxLength: 60 }), (made) => {
      const boxes = made.map(({ x, y, length }, at): LabelBox => {
        const name = `${at}`.padEnd(length, "x");
        return { name, label: name, x, y, offset: 4, weight: at };
      });
      const first = boxes[0]?.name;
      const rank = (name: string) => (name === first ? 1 : 0);
      const shown = chooseLabels(boxes, { scale: 0.7, rank });
      expect(shown).toContain(first);
      const kept = boxes.filter(({ name }) => shown.has(name));
      for (const one of kept) {
        for (const other of kept) {
          if (one === other || Math.abs(one.y - other.y) * 0.7 >= 13) continue;
          if (other.x < one.x) continue;
          expect((other.x - one.x) * 0.7).toBeGreaterThanOrEqual(one.name.length * 6);
        }
      }
    }),
  );
});

/** `package ← package` for all that is needed, directly or not. */
function reachOf(graph: readonly TestNode[]): Set<string> {
  const direct = new Map(graph.map(({ name, needs }) => [name, needs]));
  const pairs = graph.flatMap(({ name, needs }) => {
    const reached = new Set(needs);
    for (const each of reached) for (const other of direct.get(each) ?? []) reached.add(other);
    return [...reached].map((each) => `${name} ← ${each}`);
  });
  return new Set(pairs.sort());
}

test("what very many need is a hub, whose lines draw nothing to it; a small fan is none", () => {
  const fan = (count: number) => [
    { name: "hub", needs: [] },
    ...Array.from({ length: count }, (_, at) => ({ name: `p${at}`, needs: ["hub"] })),
  ];
  expect(layOut(fan(12), spacing).hubs.size).toBe(0);
  const { hubs, edges, places } = layOut(fan(13), spacing);
  expect([...hubs]).toEqual([["hub", 13]]);
  expect(edges).toHaveLength(13);
  expect(places.get("hub")?.x).toBeLessThan(places.get("p0")?.x ?? 0);
});
