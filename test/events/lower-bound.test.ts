/** The shortest time that a run could have taken. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { findLowerBound } from "../../src/events/lower-bound.ts";
import { makeRun } from "../../src/events/make-run.ts";
import { acyclicGraphs } from "./graphs.ts";
import { syntheticEvents } from "./synthetic-events.ts";

const item = (name: string, runMs: number, needs: string[] = [], processorMs = 0) => ({
  name,
  needs,
  runMs,
  checkMs: 0,
  processorMs,
});

test("the longest chain, dependencies first, without what took no time", () => {
  const items = [
    item("top", 5, ["left", "right", "elsewhere"]),
    item("left", 3, ["base"]),
    item("right", 4, ["quick"]),
    item("quick", 0, ["base"]),
    item("base", 10),
    item("alone", 12),
  ];
  expect(findLowerBound(items, 100)).toEqual({
    path: ["base", "right", "top"],
    criticalMs: 19,
    workMs: 34,
    boundMs: 19,
  });
  expect(findLowerBound(items, 1).boundMs).toBe(34);
});

test("work is processor time where a build used more than one processor", () => {
  expect(findLowerBound([item("wide", 10, [], 40)], 2)).toMatchObject({ workMs: 40, boundMs: 20 });
});

test("a check lengthens the chain that ends with it, and no other", () => {
  const items = [
    { ...item("base", 10), checkMs: 4 },
    item("top", 5, ["base"]),
    { ...item("side", 3, ["base"]), checkMs: 3 },
  ];
  expect(findLowerBound(items, 100)).toEqual({
    path: ["base", "side"],
    criticalMs: 16,
    workMs: 25,
    boundMs: 16,
  });
});

test("a chain may be longer than the call stack", () => {
  const count = 50_000;
  const chain = Array.from({ length: count }, (_, at) => item(`p${at}`, 1, [`p${at - 1}`]));
  expect(findLowerBound(chain, 4).criticalMs).toBe(count);
});

test("law: no run is faster than its bound, whatever the graph", () => {
  fc.assert(
    fc.property(acyclicGraphs, fc.integer({ min: 1, max: 5 }), fc.nat(), (graph, jobs, seed) => {
      const events = syntheticEvents({ graph, jobs, seed });
      const { bound } = makeRun({ id: "r", events, logs: new Map() });
      expect(bound.spanMs).toBeGreaterThanOrEqual(bound.boundMs - 1e-3);
      if (jobs === 1) expect(bound.spanMs).toBeCloseTo(bound.workMs, 3);
    }),
    { numRuns: 100 },
  );
});
