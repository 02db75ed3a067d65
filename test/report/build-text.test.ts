/** The end of a build, in words. */
import { expect, test } from "vitest";
import type { BuildResult, Conflict, PackageFailure } from "../../src/library/index.ts";
import { makeStyle, renderBuildResult } from "../../src/report/index.ts";

function lines(result: BuildResult): string[] {
  return renderBuildResult(result, {
    style: makeStyle(false),
    currentDirectory: "/w",
    retry: "tenon build -C w",
    lookCloser: (failed) => [`tenon log -C w ${failed}`],
  });
}

test("the good ends", () => {
  const done = { kind: "done", packages: 1_625, removed: [], durationMs: 300 } as const;
  expect(lines({ ...done, built: 0, changed: [] })).toEqual([
    "nothing to do: 1,625 packages up to date (0.3 s)",
  ]);
  expect(lines({ ...done, built: 1, changed: ["a", "b"] })).toEqual([
    "done: 1 package built, 2 changed in the prefix (0.3 s)",
  ]);
  expect(lines({ ...done, built: 0, changed: ["a"] })[0]).toContain("0 packages built, 1 changed");
  expect(lines({ ...done, built: 0, changed: [], removed: ["a", "b"] })).toEqual([
    "removed a, b",
    "done: 0 packages built, 0 changed in the prefix, 2 removed from it (0.3 s)",
  ]);
});

test("where nobody asked for anything, the end says what to do next", () => {
  const done = { kind: "done", packages: 0, built: 0, changed: [], removed: [] } as const;
  const [said, hint] = lines({ ...done, durationMs: 1 });
  expect(said).toBe("nothing to do: the workspace has no recipe yet");
  expect(hint).toContain("`tenon add pypi:NAME`");
});

test("a plan, with its critical path, its bound and an estimate", () => {
  const order = [
    { name: "a", version: "1", state: "up-to-date" },
    { name: "b", version: "1", state: "build", expectedMs: 60_000, basis: "recorded" },
    { name: "c", version: "1", state: "unknown", expectedMs: 2_000, basis: "guessed" },
  ] as const;
  const forecast = {
    criticalPath: ["fetch b", "b", "c"],
    criticalPathMs: 63_000,
    workMs: 62_000,
    lowerBoundMs: 63_000,
    estimateMs: 64_000,
  };
  const prefix = { changes: [], undoing: [] };
  expect(lines({ kind: "planned", order, jobs: 2, ...prefix, forecast, guessed: 1 })).toEqual([
    "up to date  a 1",
    "build       b 1 (1 min 00 s)",
    "perhaps     c 1 (perhaps 2.0 s)",
    "",
    "critical path: 1 min 03 s: fetch b > b > c",
    "work: 1 min 02 s; with -j2 at least 1 min 03 s",
    "estimate: 1 min 04 s; 1 duration guessed",
  ]);
});

test("a plan says what the prefix would hold otherwise, and what was undone there", () => {
  const none = { criticalPathMs: 0, workMs: 0, lowerBoundMs: 0, estimateMs: 0 };
  const forecast = { ...none, criticalPath: [] };
  const order = [
    { name: "hi", version: "2", state: "up-to-date" },
    { name: "new", version: "1", state: "build" },
    { name: "old", version: "1", state: "unknown" },
  ] as const;
  const undone = { by: "rollback", atMs: Date.UTC(2026, 10, 30, 9, 12) } as const;
  const changes = [
    { name: "hi", from: "1", to: "2", state: "built", undone },
    { name: "new", from: null, to: "1", state: "build" },
    { name: "old", from: "1", to: "1", state: "build" },
    { name: "rich", from: "15.0.0", to: null, state: "no-recipe" },
  ] as const;
  const plan = { kind: "planned", order, jobs: 2, forecast, guessed: 0, changes } as const;
  const told = lines({ ...plan, undoing: ["hi"] });
  expect(told).toEqual([
    "built       hi 2",
    "build       new 1",
    "perhaps     old 1",
    "",
    "in the prefix:",
    "  + hi 1 → 2 (built; rolled back on 2026-11-30 09:12 UTC)",
    "  + new 1",
    "  ~ old 1",
    "  - rich 15.0.0 (it has no recipe)",
    expect.stringContaining("only with --again"),
  ]);
  expect(lines({ ...plan, undoing: [] })).toEqual(told.slice(0, -1));
  const onlyNew = { ...plan, changes: changes.slice(1, 2), undoing: [] };
  expect(lines(onlyNew)).toEqual(["up to date  hi 2", "build       new 1", "perhaps     old 1"]);
});

test("a plan without work is the list alone; a long path is cut", () => {
  const none = {
    criticalPath: [] as string[],
    criticalPathMs: 0,
    workMs: 0,
    lowerBoundMs: 0,
    estimateMs: 0,
  };
  const order = [{ name: "a", version: "1", state: "up-to-date" }] as const;
  const prefix = { changes: [], undoing: [] };
  const plan = { kind: "planned", order, jobs: 2, ...prefix, forecast: none, guessed: 0 } as const;
  expect(lines(plan)).toEqual(["up to date  a 1"]);
  const criticalPath = Array.from({ length: 15 }, (_, index) => `p${index}`);
  expect(lines({ ...plan, forecast: { ...none, criticalPath } })[2]).toMatch(/ > p11 > 3 more$/);
});

const nothingJoined = {
  kind: "failed",
  built: 0,
  joined: [],
  whole: [],
  heldBack: [],
  packages: [],
} as const;

test("a failure with its cause, what to do, and what it blocks", () => {
  const failure: PackageFailure = {
    package: "a",
    version: "1",
    step: "compile",
    reason: "make ended with code 2",
    hints: ["Add zlib."],
    logFile: "/w/.tenon/a.log",
    logTail: ["cc x.c", "no zlib.h"],
    cause: "unknown",
    fingerprint: "0123456789ab",
  };
  const blocked = new Map([["b", ["a"]]]);
  expect(lines({ ...nothingJoined, failures: [failure], blocked, built: 2, whole: ["c"] })).toEqual(
    [
      "",
      "a 1 failed in compile: make ended with code 2",
      "  | cc x.c",
      "  | no zlib.h",
      "  hint: Add zlib.",
      "  fingerprint: 0123456789ab",
      "  blocked by this: b",
      "  log: .tenon/a.log",
      "  look closer: tenon log -C w a",
      "",
      "failed: 1 package; 2 packages built and kept; the prefix is unchanged",
      "to continue: tenon build -C w",
      "to join 1 finished package already now: tenon build -C w --keep-going=join",
    ],
  );
});

test("what has joined although something failed, and what was held back", () => {
  const failures = [failureOf("a")];
  const kept = { ...nothingJoined, failures, blocked: new Map(), joined: ["c"], heldBack: ["lib"] };
  expect(lines(kept).slice(-3)).toEqual([
    "failed: 1 package; the prefix has changed in 1 package",
    "not joined, because it does not fit the old version of what failed: lib",
    "to continue: tenon build -C w",
  ]);
});

test("one cause is told once", () => {
  const blocked = new Map([["app", ["p1"]]]);
  const others = [failureOf("p0"), { ...failureOf("q"), fingerprint: "f" }, failureOf("p1")];
  const text = lines({ ...nothingJoined, failures: others, blocked });
  expect(text.filter((line) => line.includes(" failed in "))).toHaveLength(2);
  expect(text.slice(1, 3)).toEqual([
    "p0 1 failed in build: it is broken",
    "  the same in 1 other package: p1",
  ]);
  expect(text).toContain("  blocked by this: app");
  expect(text).toContain("failed: 3 packages; the prefix is unchanged");
});

test("what is known of a failure, and that it comes back", () => {
  const known = { note: "The mirror is down.", link: "https://example.org/29585" };
  const seen = {
    times: 3,
    firstAtMs: Date.UTC(2026, 10, 2),
    lastRun: "20261120T101112Z-0a1b2c3d",
    otherPackages: ["zlib"],
  };
  const text = linesOfFailures([{ ...failureOf("a"), known, seen }]);
  expect(text).toContain("  known: The mirror is down. https://example.org/29585");
  expect(text).toContain(
    "  seen before: 3 times since 2026-11-02, last in run 20261120T101112Z-0a1b2c3d, also in zlib (fingerprint 0123456789ab)",
  );
  expect(text.join("\n")).not.toContain("  fingerprint:");
});

test("fifty failures are no wall of text", () => {
  const names = Array.from({ length: 50 }, (_value, index) => `p${index}`);
  const text = linesOfFailures(names.map((name) => ({ ...failureOf(name), fingerprint: name })));
  expect(text.filter((line) => line.startsWith("  | "))).toHaveLength(5);
  expect(text.filter((line) => line.includes(" failed in "))).toHaveLength(25);
  expect(text).toContain("and 25 more");
  expect(text).toContain("failed: 50 packages; the prefix is unchanged");
});

test("a line without an end is cut", () => {
  const text = linesOfFailures([{ ...failureOf("a"), logTail: ["x".repeat(5_000)] }]);
  expect(Math.max(...text.map(({ length }) => length))).toBeLessThan(600);
});

function linesOfFailures(failures: readonly PackageFailure[]): string[] {
  const blocked = new Map<string, string[]>();
  return lines({ ...nothingJoined, failures, blocked });
}

function failureOf(name: string): PackageFailure {
  return {
    package: name,
    version: "1",
    step: "build",
    reason: "it is broken",
    hints: [],
    logFile: `/w/.tenon/${name}.log`,
    logTail: ["so"],
    cause: "unknown",
    fingerprint: "0123456789ab",
  };
}

test("conflicts name path and packages, twenty at most, with what to do", () => {
  const conflicts: Conflict[] = [
    { kind: "owned", path: "bin/x", package: "a", owner: "b" },
    { kind: "foreign", path: "bin/y", package: "a" },
    { kind: "state", path: "var/lib/tenon/lock", package: "a" },
  ];
  const cures = ["Leave it out.", "Move it away."];
  const text = lines({ kind: "conflict", conflicts, joined: [], cures });
  expect(text.slice(0, 4)).toEqual([
    "conflict: the prefix is unchanged",
    "  bin/x comes with a, but belongs to b",
    "  bin/y comes with a, but there is already a file that no package owns",
    "  var/lib/tenon/lock comes with a, but that folder is tenon's own",
  ]);
  expect(text.slice(4)).toEqual(["  hint: Leave it out.", "  hint: Move it away."]);
  const many = Array.from({ length: 25 }, () => conflicts)
    .flat()
    .slice(0, 25);
  expect(lines({ kind: "conflict", conflicts: many, joined: [], cures })).toContain("  and 5 more");
});

test("what has joined already is not denied", () => {
  const [title] = lines({ kind: "conflict", conflicts: [], joined: ["a"], cures: [] });
  expect(title).toContain("the prefix has changed in 1 package");
});
