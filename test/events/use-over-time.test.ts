/** The use of the machine over the time of a run. */
import { expect, test } from "vitest";
import { makeRun } from "../../src/events/make-run.ts";
import type { Run } from "../../src/events/run.ts";
import { ticksFor } from "../../src/events/time-axis.ts";
import { useOverTime } from "../../src/events/use-over-time.ts";
import { syntheticEvents } from "./synthetic-events.ts";

const graph = ["a", "b", "c", "d"].map((name) => ({ name, needs: name === "d" ? ["a"] : [] }));
const run: Run = makeRun({
  id: "r",
  events: syntheticEvents({ graph, jobs: 2, seed: 5 }),
  logs: new Map(),
});
const { durationMs } = run;

test("all of the processor time and all of the building is in the series", () => {
  const parts = 37;
  const { processors, tokens, isCounted } = useOverTime(run.packages, { durationMs, parts });
  const area = (series: readonly number[]): number =>
    (series.reduce((sum, value) => sum + value, 0) * durationMs) / parts;
  const total = (of: (each: Run["packages"][number]) => number): number =>
    run.packages.reduce((sum, each) => sum + of(each), 0);
  expect(area(processors)).toBeCloseTo(total(({ processorMs }) => processorMs));
  expect(area(tokens)).toBeCloseTo(total(({ runMs }) => runMs));
  expect(Math.max(...tokens)).toBeLessThanOrEqual(2.000_001);
  expect(isCounted).toBe(false);
});

test("counted tokens are preferred to the number of builds", () => {
  const counted = run.packages.map((each) =>
    each.name === "a" ? { ...each, tokens: [{ atMs: 0, held: 3 }] } : each,
  );
  const { tokens, isCounted } = useOverTime(counted, { durationMs, parts: 1 });
  expect(isCounted).toBe(true);
  const a = run.packages.find(({ name }) => name === "a");
  expect(tokens[0]).toBeCloseTo((3 * (a?.toMs ?? 0)) / durationMs);
});

test.each([
  [950, "0, 0.2 s, 0.4 s, 0.6 s, 0.8 s"],
  [76_000, "0, 15 s, 30 s, 45 s, 1:00 min, 1:15 min"],
  [600_000, "0, 2 min, 4 min, 6 min, 8 min, 10 min"],
  [3 * 3_600_000, "0, 30 min, 1:00 h, 1:30 h, 2:00 h, 2:30 h, 3:00 h"],
])("an axis of %i ms", (durationMs, labels) => {
  expect(
    ticksFor(durationMs, 6)
      .map(({ label }) => label)
      .join(", "),
  ).toBe(labels);
});
