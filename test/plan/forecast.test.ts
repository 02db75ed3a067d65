/** The remaining way, the critical path and the estimate of planned work. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { forecast, graphOf, type WorkItem } from "../../src/plan/index.ts";

const item = (name: string, expectedMs: number, ...needs: string[]): WorkItem => ({
  name,
  expectedMs,
  needs,
});

test("the way that remains is the longest one, by time and not by count", () => {
  const items = [item("a", 1), item("b", 1, "a"), item("c", 1, "b"), item("d", 50, "a")];
  const { remainingMs } = graphOf(items);
  expect(Object.fromEntries(remainingMs)).toEqual({ a: 51, b: 2, c: 1, d: 50 });
});

test("critical path, work, bound and estimate", () => {
  const items = [item("a", 10), item("b", 20, "a"), item("c", 5, "a"), item("d", 5, "a")];
  const lanes = { jobs: 2, ahead: 1 };
  expect(forecast(items, lanes)).toEqual({
    criticalPath: ["a", "b"],
    criticalPathMs: 30,
    workMs: 40,
    lowerBoundMs: 30,
    estimateMs: 30,
  });
  expect(forecast(items, { ...lanes, jobs: 1 })).toMatchObject({
    lowerBoundMs: 40,
    estimateMs: 40,
  });
});

test("a fetch takes no job, but time", () => {
  const fetch: WorkItem = { name: "fetch b", needs: [], lane: "ahead", expectedMs: 30 };
  const items = [item("a", 10), fetch, item("b", 5, "fetch b")];
  expect(forecast(items, { jobs: 1, ahead: 1 })).toEqual({
    criticalPath: ["fetch b", "b"],
    criticalPathMs: 35,
    workMs: 15,
    lowerBoundMs: 35,
    estimateMs: 35,
  });
});

test("of nothing", () => {
  const none = { criticalPath: [], criticalPathMs: 0, workMs: 0, lowerBoundMs: 0, estimateMs: 0 };
  expect(forecast([], { jobs: 3, ahead: 1 })).toEqual(none);
});

const anyItems = fc
  .array(
    fc.record({
      ms: fc.integer({ min: 1, max: 100 }),
      needs: fc.array(fc.nat(), { maxLength: 3 }),
    }),
    {
      maxLength: 30,
    },
  )
  .map((rows) =>
    rows.map(({ ms, needs }, index) =>
      item(`i${index}`, ms, ...(index === 0 ? [] : needs.map((need) => `i${need % index}`))),
    ),
  );

describe("whatever the work", () => {
  test("the estimate lies between the bound and Graham's: twice the bound at most", () =>
    fc.assert(
      fc.property(anyItems, fc.integer({ min: 1, max: 6 }), (items, jobs) => {
        const { criticalPathMs, workMs, lowerBoundMs, estimateMs } = forecast(items, {
          jobs,
          ahead: 1,
        });
        expect(lowerBoundMs).toBe(Math.max(criticalPathMs, workMs / jobs));
        expect(estimateMs).toBeGreaterThanOrEqual(lowerBoundMs);
        expect(estimateMs).toBeLessThanOrEqual(workMs / jobs + criticalPathMs);
      }),
    ));

  test("the critical path is a chain, and as long as is said", () =>
    fc.assert(
      fc.property(anyItems, (items) => {
        const { criticalPath, criticalPathMs } = forecast(items, { jobs: 1, ahead: 1 });
        const byName = new Map(items.map((each) => [each.name, each]));
        const total = criticalPath.reduce(
          (sum, name) => sum + (byName.get(name)?.expectedMs ?? 0),
          0,
        );
        expect(total).toBe(criticalPathMs);
        criticalPath.slice(1).forEach((name, index) => {
          expect(byName.get(name)?.needs).toContain(criticalPath[index]);
        });
      }),
    ));
});
