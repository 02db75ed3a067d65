/** The live view is a function of events, clock and window. */
import { describe, expect, test } from "vitest";
import {
  estimateRemaining,
  makeStyle,
  renderLiveView,
  type LiveViewInput,
} from "../../src/report/index.ts";
import { type RunState } from "../../src/events/index.ts";
import { widthOf } from "../../src/report/fit.ts";
import { building, built, failed, runOf, startOf } from "../events/run-events.ts";

function draw(run: RunState, changes: Partial<LiveViewInput> = {}): string[] {
  return renderLiveView({
    run,
    nowMs: 65_000,
    left: estimateRemaining(run, 65_000),
    columns: 80,
    rows: 24,
    style: makeStyle(false),
    lastLine: (name) => `cc ${name}.c`,
    filter: "",
    isTyping: false,
    isInterrupted: false,
    keys: "",
    ...changes,
  });
}

const names = (count: number): string[] =>
  Array.from({ length: count }, (_none, index) => `p${index}`);
const planned = (count: number) => Object.fromEntries(names(count).map((name) => [name, {}]));

test("what runs, for how long, in which step, and what it says; what waits and for what", () => {
  const stack = { zlib: {}, libgreet: {}, cython: {}, pygreet: { needs: ["cython", "libgreet"] } };
  const run = runOf([
    ...startOf(stack),
    ...building("zlib"),
    built("zlib"),
    ...building("libgreet", "configure"),
    { kind: "fetch-started", package: "cython", from: "https://example.org" },
  ]);
  expect(draw(run)).toEqual([
    "[1/4] 1 running, 2 waiting · 1 min 05 s",
    "  libgreet 1.0  1 min 05 s  configure  cc libgreet.c",
    "  cython 1.0    1 min 05 s  fetch      cc cython.c",
    "  waiting: cython for its source; pygreet for cython, libgreet",
  ]);
});

test("a run that begins anew knows nothing of what ran before", () => {
  const before = [
    ...startOf({ old: {}, zlib: {} }),
    built("old"),
    ...building("zlib"),
    failed("zlib"),
  ];
  const run = runOf([...before, ...startOf({ zlib: {}, curl: {} }), ...building("zlib")]);
  const fresh = runOf([...startOf({ zlib: {}, curl: {} }), ...building("zlib")]);
  expect(draw(run)).toEqual(draw(fresh));
});

test("a package that runs more than one job says how many", () => {
  const tokens = (name: string, held: number) => ({ kind: "tokens", package: name, held }) as const;
  const events = [
    ...startOf({ zlib: {}, cython: {} }),
    tokens("zlib", 1),
    ...building("zlib"),
    tokens("cython", 1),
    ...building("cython"),
    tokens("cython", 3),
  ];
  expect(draw(runOf(events)).slice(1)).toEqual([
    "  zlib 1.0    1 min 05 s          make  cc zlib.c",
    "  cython 1.0  1 min 05 s  3 jobs  make  cc cython.c",
  ]);
  expect(draw(runOf([...events, tokens("cython", 0)]))[2]).not.toContain("jobs");
});

test("a check runs like a build, but nothing waits for it; one that fails has failed", () => {
  const events = [
    ...startOf({ zlib: {}, curl: { needs: ["zlib"] } }),
    { kind: "fetch-started", package: "curl", from: "https://example.org" } as const,
    { kind: "fetch-finished", package: "curl", bytes: 1, durationMs: 1 } as const,
    ...building("zlib"),
    built("zlib"),
    { kind: "check-started", package: "zlib", version: "1.0" } as const,
  ];
  expect(draw(runOf(events))).toEqual([
    "[1/2] 1 running, 1 waiting · 1 min 05 s",
    "  zlib 1.0  1 min 05 s  check  cc zlib.c",
    "  waiting: curl for a free job",
  ]);
  const place = {
    package: "zlib",
    version: "1.0",
    logFile: "/l",
    fingerprint: "0a",
    durationMs: 1,
  };
  const end = (isWarning: boolean) =>
    ({ kind: "check-failed", ...place, reason: "no", isWarning }) as const;
  expect(draw(runOf([...events, end(false)]))).toEqual([
    "[1/2] 0 running, 1 waiting, 1 failed · 1 min 05 s",
    "  failed: zlib",
    "  waiting: curl for a free job",
  ]);
  expect(draw(runOf([...events, end(true)]))[0]).not.toContain("failed");
});

test("fifty failures take one line, and do not push away what runs", () => {
  const run = runOf([
    ...startOf(planned(60)),
    ...names(50).map(failed),
    { kind: "build-blocked", package: "p50", by: ["p1"] },
    ...building("p51"),
    ...building("p52"),
  ]);
  const lines = draw(run, { columns: 60 });
  expect(lines).toHaveLength(4);
  expect(lines[0]).toBe("[51/60] 2 running, 7 waiting, 50 failed, 1 blocked · 1 min…");
  expect(lines[1]).toContain("p51 1.0");
  expect(lines[2]).toContain("p52 1.0");
  expect(lines[3]).toMatch(/^ {2}failed: p0, p1, p2, .* and \d+ more$/);
});

describe("whatever the window's size", () => {
  const run = runOf([
    ...startOf({ ...planned(40), 名前: {} }, 30),
    ...names(5).map(failed),
    ...names(30)
      .slice(5)
      .flatMap((name) => building(name)),
    ...building("名前", "目録"),
  ]);
  const sizes = [1, 2, 3, 5, 10, 24, 50].flatMap((rows) =>
    [1, 5, 20, 40, 79, 200].map((columns) => [columns, rows] as const),
  );
  test.each(sizes)("%i × %i", (columns, rows) => {
    const lines = draw(run, { columns, rows, filter: "p", lastLine: () => "目".repeat(90) });
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.length).toBeLessThanOrEqual(Math.max(1, rows - 1, Math.floor((rows * 2) / 3)));
    for (const line of lines) expect(widthOf(line)).toBeLessThan(Math.max(1, columns));
  });

  test("what has no room is counted", () => {
    const lines = draw(run, { rows: 15 });
    expect(lines).toHaveLength(10);
    expect(lines.slice(-2)).toEqual(["  and 19 more", "  failed: p0, p1, p2, p3, p4"]);
  });
});

test("an estimate is shown as soon as there is history; at least that, where some is missing", () => {
  const known = { a: { expectedMs: 120_000 }, b: { expectedMs: 20_000 } };
  expect(draw(runOf(startOf(known), 65_000))[0]).toMatch(/ · about 2 min left$/);
  expect(draw(runOf(startOf({ ...known, c: {} }), 65_000))[0]).toMatch(/ · at least 2 min left$/);
  expect(draw(runOf(startOf({ c: {} })))[0]).not.toContain("left");
});

test("a filter leaves only the packages that match", () => {
  const run = runOf([
    ...startOf({ zlib: {}, zip: {}, curl: {} }),
    ...building("zlib"),
    ...building("curl"),
  ]);
  expect(draw(run, { filter: "z", isTyping: true }).slice(1)).toEqual([
    expect.stringContaining("zlib 1.0"),
    "  only packages with: z_",
    "  waiting: zip for a free job",
  ]);
});

test("what is up to date neither waits nor keeps others waiting", () => {
  const run = runOf(startOf({ old: { upToDate: true }, fresh: { needs: ["old"] } }));
  expect(draw(run)).toEqual([
    "[0/1] 0 running, 1 waiting · 1 min 05 s",
    "  waiting: fresh for a free job",
  ]);
});

test("the end: joining, and stopping", () => {
  const run = runOf([...startOf({ a: {} }), ...building("a"), built("a")]);
  expect(draw(run)).toEqual(["[1/1] joining the prefix · 1 min 05 s"]);
  expect(draw(run, { isInterrupted: true })[0]).toContain("stopping what runs");
});
