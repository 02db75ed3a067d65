/** A run's events become its packages, steps and waits. */
import { expect, test } from "vitest";
import type { Event, EventBody } from "../../src/core/index.ts";
import { makeRun } from "../../src/events/make-run.ts";

const startMs = 1_000_000;
type Body = Event extends infer Each ? (Each extends unknown ? Omit<Each, "atMs"> : never) : never;
const at = (ms: number, body: Body): Event => ({ atMs: startMs + ms, ...body }) as Event;

const runStarted = {
  kind: "run-started",
  run: "r",
  packages: 3,
  outOfDate: 2,
  jobs: 2,
  prefix: "/p",
} as const;
const node = (name: string, needs: string[] = [], upToDate = false) => ({
  name,
  version: "1",
  system: "make",
  needs,
  upToDate,
});
const step = (name: string, word: string) => ({
  package: name,
  step: word,
  title: word,
  logFile: `/${name}.log`,
});
const started = (name: string) => ({ kind: "build-started", package: name, version: "1" }) as const;
const finished = (name: string, result: "built" | "unchanged" | "reused" = "built") =>
  ({ kind: "build-finished", package: name, version: "1", result, durationMs: 1 }) as const;
const failed = (name: string) =>
  ({
    kind: "build-failed",
    package: name,
    version: "1",
    step: "make",
    reason: "no",
    fingerprint: "0a",
    logFile: `/${name}.log`,
    durationMs: 1,
  }) as const;

function runOf(events: Event[], logs = new Map<string, string>()) {
  const run = makeRun({ id: "r", events, logs });
  return { ...run, of: new Map(run.packages.map((each) => [each.name, each])) };
}

test("steps, fetches and what is between them become spans; waiting for a job is told apart", () => {
  const run = runOf([
    at(0, runStarted),
    at(0, { kind: "graph", packages: [node("a"), node("b", ["a"])] }),
    at(0, started("a")),
    at(1000, finished("a")),
    at(1200, { kind: "fetch-started", package: "b", from: "x" }),
    at(1500, { kind: "fetch-finished", package: "b", bytes: 7, durationMs: 300 }),
    at(1600, started("b")),
    at(1700, { kind: "step-started", ...step("b", "make") }),
    at(2700, {
      kind: "step-finished",
      package: "b",
      step: "make",
      result: "done",
      wallMs: 1000,
      userMs: 800,
      systemMs: 100,
      maxRssBytes: 5,
    }),
    at(3000, finished("b")),
    at(3100, { kind: "run-finished", result: "done", durationMs: 3100 }),
  ]);
  const b = run.of.get("b");
  expect(b?.spans).toEqual([
    { kind: "wait", fromMs: 1000, toMs: 1200 },
    { kind: "wait", fromMs: 1500, toMs: 1600 },
    { kind: "fetch", fromMs: 1200, toMs: 1500 },
    { kind: "run", fromMs: 1600, toMs: 1700 },
    {
      kind: "run",
      step: "make",
      fromMs: 1700,
      toMs: 2700,
      userMs: 800,
      systemMs: 100,
      maxRssBytes: 5,
    },
    { kind: "run", fromMs: 2700, toMs: 3000 },
  ]);
  expect(b).toMatchObject({
    fromMs: 1200,
    toMs: 3000,
    runMs: 1400,
    waitMs: 300,
    fetchMs: 300,
    processorMs: 900,
    maxRssBytes: 5,
    fetchedBytes: 7,
    isCritical: true,
  });
  expect(run.bound).toMatchObject({ path: ["a", "b"], criticalMs: 2400, spanMs: 3000 });
  expect(run).toMatchObject({ outcome: "done", durationMs: 3100, jobs: 2, prefix: "/p" });
});

test("a build that holds no token waits, and that is not its own time", () => {
  const run = runOf([
    at(0, runStarted),
    at(0, started("a")),
    at(0, { kind: "tokens", package: "a", held: 1 }),
    at(100, { kind: "tokens", package: "a", held: 0 }),
    at(400, { kind: "tokens", package: "a", held: 2 }),
    at(1000, finished("a")),
  ]);
  expect(run.of.get("a")).toMatchObject({ runMs: 700, waitMs: 300 });
  expect(run.of.get("a")?.spans[0]).toEqual({ kind: "wait", fromMs: 100, toMs: 400 });
});

test("a check is work of its own, for which nobody waits; one that fails is the package's failure", () => {
  const check = {
    package: "a",
    version: "1",
    logFile: "/a.log",
    durationMs: 1,
    reason: "no",
    fingerprint: "0a",
  };
  const events = (isWarning: boolean): Event[] => [
    at(0, runStarted),
    at(0, { kind: "graph", packages: [node("a"), node("b", ["a"])] }),
    at(0, { kind: "tokens", package: "a", held: 1 }),
    at(0, started("a")),
    at(1000, finished("a")),
    at(1000, started("b")),
    at(1500, { kind: "check-started", package: "a", version: "1" }),
    at(1500, { kind: "tokens", package: "a", held: 1 }),
    at(1500, { kind: "step-started", ...step("a", "check") }),
    at(1900, { kind: "step-finished", package: "a", step: "check", result: "failed", wallMs: 400 }),
    at(1900, { kind: "check-failed", ...check, isWarning }),
    at(2000, finished("b")),
  ];
  const run = runOf(events(false), new Map([["a", "its log"]]));
  expect(run.of.get("a")).toMatchObject({ state: "failed", runMs: 1000, checkMs: 400, toMs: 1900 });
  expect(run.of.get("a")?.spans.at(-1)).toMatchObject({ kind: "check", fromMs: 1500, toMs: 1900 });
  expect(run.of.get("a")?.tokens).toEqual([
    { atMs: 0, held: 1 },
    { atMs: 1000, held: 0 },
    { atMs: 1500, held: 1 },
    { atMs: 1900, held: 0 },
  ]);
  expect(run.of.get("a")?.failure).toMatchObject({ step: "check", reason: "no", log: "its log" });
  expect(run.of.get("b")).toMatchObject({ state: "built", waitMs: 0 });
  expect(run.bound).toMatchObject({ criticalMs: 2000, workMs: 2400 });

  const warned = runOf(events(true));
  expect(warned.of.get("a")).toMatchObject({ state: "built" });
  expect(warned.notes).toEqual([{ atMs: 1900, package: "a", text: "its check failed: no" }]);
});

test("what became of each package", () => {
  const run = runOf(
    [
      at(0, runStarted),
      at(0, {
        kind: "graph",
        packages: [
          ...["built", "same", "found", "bad", "cut", "late"].map((name) => node(name)),
          node("blocked", ["bad", "not-in-the-run"]),
          node("before", [], true),
        ],
      }),
      at(0, started("built")),
      at(1, finished("built")),
      at(1, started("same")),
      at(2, finished("same", "unchanged")),
      at(2, finished("found", "reused")),
      at(2, started("bad")),
      at(3, { kind: "step-started", ...step("bad", "make") }),
      at(5, failed("bad")),
      at(5, { kind: "build-blocked", package: "blocked", by: ["bad"] }),
      at(6, started("cut")),
      at(9, { kind: "note", text: "the end" }),
    ],
    new Map([["bad", "its log"]]),
  );
  const states = Object.fromEntries(run.packages.map(({ name, state }) => [name, state]));
  expect(states).toEqual({
    built: "built",
    same: "unchanged",
    found: "reused",
    bad: "failed",
    blocked: "blocked",
    cut: "unfinished",
    late: "untouched",
    before: "up-to-date",
  });
  expect(run.of.get("bad")?.failure).toEqual({
    step: "make",
    reason: "no",
    fingerprint: "0a",
    hints: [],
    logTail: [],
    logFile: "/bad.log",
    log: "its log",
  });
  expect(run.of.get("blocked")).toMatchObject({ blockedBy: ["bad"], needs: ["bad"], runMs: 0 });
  expect(run.of.get("cut")).toMatchObject({ fromMs: 6, toMs: 9, runMs: 3 });
  expect(run.outcome).toBe("failed");
  expect(run.notes).toEqual([{ atMs: 9, text: "the end" }]);
});

test("events of a later version, and hardly any events, are no reason to fail", () => {
  const later = { kind: "moon-phase", package: "a", phase: 0.5 } as unknown as EventBody;
  const run = runOf([at(0, runStarted), { atMs: startMs + 5, ...later } as Event]);
  expect(run.packages).toMatchObject([{ name: "a", state: "untouched", spans: [] }]);
  expect(runOf([])).toMatchObject({ packages: [], durationMs: 0, outcome: "unfinished" });
});
