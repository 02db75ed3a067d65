/** What is known of a run by its events so far, and when a package is over. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { EventBody } from "../../src/core/index.ts";
import { fold, isOver, noRun, packagesIn, runningIn } from "../../src/events/index.ts";
import { acyclicGraphs } from "./graphs.ts";
import { building, built, failed, runOf, startOf } from "./run-events.ts";
import { syntheticEvents } from "./synthetic-events.ts";

function frozen<Value>(value: Value): Value {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const each of value instanceof Map ? value.values() : Object.values(value)) frozen(each);
  return value;
}

test("law: reading events changes nothing that was read before; the count is that of the ends", () => {
  fc.assert(
    fc.property(acyclicGraphs, fc.nat(), (graph, seed) => {
      const events = syntheticEvents({ graph, jobs: 3, seed, failing: new Set(["p1"]) });
      const states = events.map((_event, at) => events.slice(0, at + 1).reduce(fold, noRun));
      let run = noRun;
      const copies = events.map((event) => {
        run = fold(run, event);
        const before = structuredClone(run);
        return { run, before };
      });
      copies.forEach(({ run: kept, before }, at) => {
        expect(kept).toEqual(before);
        expect(kept).toEqual(states[at]);
      });
      expect(run.ended).toBe(graph.length);
      expect(runningIn(run)).toEqual([]);
      expect(packagesIn(run, "waiting")).toEqual([]);
    }),
    { numRuns: 20 },
  );
});

test("an event is not changed either", () => {
  const events = frozen(syntheticEvents({ graph: [{ name: "a", needs: [] }], jobs: 1, seed: 1 }));
  expect(events.reduce((run, event) => fold(frozen(run), event), noRun).result).toBe("done");
});

describe("a package is over", () => {
  const check = { package: "a", version: "1.0", durationMs: 1 };
  const finished = (result: "built" | "reused"): EventBody =>
    ({
      ...built("a"),
      ...({ kind: "build-finished", result } as const),
    }) as EventBody;
  const why = { reason: "no", fingerprint: "0a", logFile: "/l" };
  const checkFailed: EventBody = { kind: "check-failed", ...check, ...why, isWarning: true };
  const ends: [string, EventBody[], boolean, boolean][] = [
    ["when it has begun", building("a"), false, false],
    ["when it is built", [built("a")], true, false],
    ["when another has built it", [finished("reused")], true, true],
    ["when it fails", [failed("a")], true, true],
    ["when it is blocked", [{ kind: "build-blocked", package: "a", by: ["b"] }], true, true],
    ["when its check passes", [built("a"), { kind: "check-finished", ...check }], true, true],
    ["when its check fails", [built("a"), checkFailed], true, true],
    ["with the run", [{ kind: "run-finished", result: "failed", durationMs: 1 }], true, true],
  ];
  test.each(ends)("%s: with a check or without", (_when, events, without, withCheck) => {
    expect(isOver(runOf([...startOf({ a: {} }), ...events]), "a")).toBe(without);
    const [started, graph] = startOf({ a: {} });
    if (started === undefined || graph?.kind !== "graph") throw new Error("no graph");
    const packages = graph.packages.map((one) => ({ ...one, hasCheck: true }));
    expect(isOver(runOf([started, { ...graph, packages }, ...events]), "a")).toBe(withCheck);
  });

  test("from the beginning, where the run does not build it; not before that is known", () => {
    const [started] = startOf({});
    expect(isOver(runOf([started as EventBody]), "a")).toBe(false);
    expect(isOver(runOf(startOf({ b: {} })), "a")).toBe(true);
    expect(isOver(runOf(startOf({ a: { upToDate: true } })), "a")).toBe(true);
    expect(isOver(runOf([...startOf({ b: {} }), ...building("b")]), "b")).toBe(false);
  });
});

test("what was said of a failure gives way to what is known at the run's end", () => {
  const hints = { kind: "hints", package: "a", hints: ["Add b to depends.build."] } as const;
  const run = runOf([...startOf({ a: {}, b: {} }), failed("a"), hints, { ...hints, package: "b" }]);
  expect(packagesIn(run, "failed")).toMatchObject([
    { name: "a", failure: { step: "make", reason: "no", hints: hints.hints } },
  ]);
  expect(packagesIn(run, "waiting")).toMatchObject([{ name: "b" }]);
});

test("ten thousand packages, event by event", () => {
  const names = Array.from({ length: 10_000 }, (_none, index) => `p${index}`);
  const planned = startOf(Object.fromEntries(names.map((name) => [name, {}])));
  const run = runOf([...planned, ...names.flatMap((name) => [...building(name), built(name)])]);
  expect(run.ended).toBe(10_000);
  expect(packagesIn(run, "built").map(({ name }) => name)).toEqual(names);
});
