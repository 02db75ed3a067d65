/** Progress as plain lines. */
import { expect, test } from "vitest";
import type { EventBody } from "../../src/core/index.ts";
import { createProgress, makeStyle } from "../../src/report/index.ts";

function lines(events: readonly EventBody[], verbose = false): string[] {
  const progress = createProgress({ style: makeStyle(false), verbose, currentDirectory: "/home" });
  return events.flatMap((event) => progress(event));
}

const started: EventBody = {
  kind: "run-started",
  run: "r",
  packages: 12,
  outOfDate: 10,
  jobs: 4,
  prefix: "/p",
};

test("one line a fact, with how many packages have ended", () => {
  const version = "1.0";
  expect(
    lines([
      started,
      { kind: "isolation", mode: "view" },
      { kind: "fetch-started", package: "a", from: "https://host/a.tar" },
      { kind: "fetch-finished", package: "a", bytes: 1_500, durationMs: 3 },
      { kind: "build-started", package: "a", version },
      { kind: "build-finished", package: "a", version, result: "built", durationMs: 65_000 },
      { kind: "build-finished", package: "b", version, result: "unchanged", durationMs: 100 },
      { kind: "build-finished", package: "c", version, result: "reused", durationMs: 0 },
      {
        kind: "build-failed",
        package: "d",
        version,
        step: "compile",
        fingerprint: "0123456789ab",
        reason: "make: 2",
        logFile: "/l",
        durationMs: 1_000,
      },
      { kind: "build-blocked", package: "e", by: ["d"] },
    ]),
  ).toEqual([
    "building 10 packages (2 of 12 are up to date) for /p, -j4",
    "[ 0/10] fetched a (1.5 kB)",
    "[ 0/10] building a 1.0",
    "[ 1/10] built a 1.0 (1 min 05 s)",
    "[ 2/10] built b 1.0 (0.1 s), the same result as before",
    "[ 3/10] reused c 1.0 from the store",
    "[ 4/10] failed d 1.0 in compile (1.0 s)",
    "[ 5/10] blocked e: it needs d",
  ]);
});

test("a run that begins anew is counted anew", () => {
  const end = (name: string): EventBody => ({
    kind: "build-finished",
    package: name,
    version: "1",
    result: "built",
    durationMs: 0,
  });
  const counted = lines([started, end("a"), end("b"), started, end("a")]).filter((line) =>
    line.startsWith("["),
  );
  expect(counted.map((line) => line.slice(0, 7))).toEqual(["[ 1/10]", "[ 2/10]", "[ 1/10]"]);
});

test("outside of a build nothing is counted", () => {
  expect(lines([{ kind: "fetch-finished", package: "a", bytes: 10, durationMs: 3 }])).toEqual([
    "fetched a (10 B)",
  ]);
});

test("where a source comes from only on request", () => {
  const event: EventBody = { kind: "fetch-started", package: "a", from: "https://host/a" };
  expect(lines([event])).toEqual([]);
  expect(lines([event], true)).toEqual(["fetching a from https://host/a"]);
});

test("what a person should know", () => {
  expect(
    lines([
      { kind: "isolation", mode: "none", reason: "--isolation none was given" },
      { kind: "fetch-retried", package: "a", reason: "timed out" },
      { kind: "waiting", for: "process 7 (tenon build)" },
      { kind: "recovered", text: "finished it" },
      { kind: "note", text: "general" },
      { kind: "note", package: "a", text: "special" },
      {
        kind: "prefix-changed",
        transaction: "t",
        packages: ["a"],
        removed: [],
        files: 1_200,
        sizeBytes: 2_000_000,
        durationMs: 300,
      },
    ]),
  ).toEqual([
    "without views: --isolation none was given; builds use the live prefix, so undeclared dependencies are not noticed",
    "retry a: timed out",
    "waiting for process 7 (tenon build)",
    "recovered: finished it",
    "note: general",
    "note: a: special",
    "joined 1 package (1,200 files, 2.0 MB) in one transaction (0.3 s)",
  ]);
});
