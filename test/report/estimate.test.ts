/** How long the rest of a run will take. */
import { expect, test } from "vitest";
import { estimateRemaining } from "../../src/report/estimate.ts";
import { building, built, runOf, startOf } from "../events/run-events.ts";

test("two at once, what has the longest way to go first", () => {
  const chain = {
    short1: { expectedMs: 2000 },
    short2: { expectedMs: 2000 },
    first: { expectedMs: 3000 },
    second: { expectedMs: 4000, needs: ["first"] },
  };
  const run = runOf(startOf(chain));
  expect(estimateRemaining(run, 0)).toEqual({ ms: 7000, isWhole: true });
  expect(estimateRemaining(runOf(startOf(chain, 1)), 0)?.ms).toBe(11_000);
});

test("what runs has its time behind it, but never less than none before it", () => {
  const run = runOf([...startOf({ a: { expectedMs: 5000 } }), ...building("a")], 1000);
  expect(estimateRemaining(run, 3000)?.ms).toBe(3000);
  expect(estimateRemaining(run, 60_000)?.ms).toBe(0);
});

test("what was never built here is said to be missing; without any history nothing is said", () => {
  const some = runOf(startOf({ a: { expectedMs: 5000 }, b: {} }));
  expect(estimateRemaining(some, 0)).toEqual({ ms: 5000, isWhole: false });
  expect(estimateRemaining(runOf(startOf({ a: {}, b: {} })), 0)).toBeUndefined();
});

test("a source that is fetched waits for its build; nothing waits for a check", () => {
  const planned = { a: { expectedMs: 5000 }, b: { expectedMs: 3000, needs: ["a"] } };
  const fetching = { kind: "fetch-started", package: "a", from: "x" } as const;
  expect(estimateRemaining(runOf([...startOf(planned), fetching]), 4000)?.ms).toBe(8000);
  const checking = { kind: "check-started", package: "a", version: "1.0" } as const;
  const run = runOf([...startOf(planned), ...building("a"), built("a", 5000), checking]);
  expect(estimateRemaining(run, 0)?.ms).toBe(3000);
});

test("a machine that is slower today makes the rest longer", () => {
  const planned = { a: { expectedMs: 10_000 }, b: { expectedMs: 10_000, needs: ["a"] } };
  const run = runOf([...startOf(planned), ...building("a"), built("a", 15_000)]);
  expect(estimateRemaining(run, 0)?.ms).toBe(15_000);
});

test("ten thousand packages that wait", () => {
  const names = Array.from({ length: 10_000 }, (_none, index) => `p${index}`);
  const run = runOf(startOf(Object.fromEntries(names.map((name) => [name, { expectedMs: 10 }]))));
  expect(estimateRemaining(run, 0)?.ms).toBe(50_000);
});
