/** Reading the cause of a failure out of a log. */
import { expect, test } from "vitest";
import { explainFailure } from "../../src/builder/explain-failure.ts";

const explain = (log: string, whoProvides?: (kind: string, name: string) => string[]) =>
  explainFailure(
    {
      package: "a",
      step: "build",
      ending: "make ended with exit code 2",
      exitCode: 2,
      log,
      layers: [],
    },
    whoProvides,
  );

test.each([
  ["user.c:1:10: fatal error: sub/greet.h: No such file or directory", "the header sub/greet.h"],
  ["user.c:1:10: fatal error: 'greet.hpp' file not found", "the header greet.hpp"],
  ["/usr/bin/ld: cannot find -lgreet: No such file or directory", "the library greet"],
  ["ld.lld: error: unable to find library -lgreet", "the library greet"],
  ["ModuleNotFoundError: No module named 'greet.sub'", "the Python module greet.sub"],
  ["Package greet was not found in the pkg-config search path.", "the pkg-config package greet"],
  ["Package 'greet', required by 'virtual:world', not found", "the pkg-config package greet"],
  ["No package 'greet' found", "the pkg-config package greet"],
  ["/bin/sh: 1: greet: not found", "the program greet"],
  ["configure: line 7: greet: command not found", "the program greet"],
  ["bash: greet: command not found", "the program greet"],
  ["make[2]: greet: No such file or directory", "the program greet"],
  ["env: ‘greet’: No such file or directory", "the program greet"],
  ["meson.build:3:0: ERROR: Program 'greet' not found or not executable", "the program greet"],
])("%s", (line, what) => {
  expect(explain(`before\n${line}\nafter\n`).reason).toBe(`${what} is missing`);
});

test("no cause is made up", () => {
  const log = "checking for greet.h: not found\nmake: *** [Makefile:2: all] Error 1\n";
  expect(explain(log)).toEqual({
    step: "build",
    exitCode: 2,
    cause: "unknown",
    fingerprint: expect.stringMatching(/^[0-9a-f]{12}$/),
    reason: "make ended with exit code 2",
    hints: [],
    logTail: log.trim().split("\n"),
  });
});

test("several missing things are named once each", () => {
  const log = "fatal error: a.h: No such file or directory\n".repeat(2) + "cannot find -lb\n";
  const failure = explain(log, (kind) => (kind === "library" ? ["libb", "libb2"] : []));
  expect(failure.reason).toBe("the header a.h, the library b are missing");
  expect(failure.hints[1]).toBe("-lb comes from libb (or from libb2): add it to depends.run.");
});

test("a provider that is declared already is not to be declared again", () => {
  const layers = [{ package: "liba", tree: "/a", manifest: [] }];
  const log = "fatal error: a.h: No such file or directory\n";
  const failed = { package: "a", step: "build", ending: "", log, layers };
  expect(explainFailure(failed, () => ["liba"]).hints[0]).toContain("which is declared");
});

test("the log's last fifteen lines are kept", () => {
  const lines = Array.from({ length: 40 }, (_value, index) => `line ${index}`);
  expect(explain(lines.join("\n")).logTail).toEqual(lines.slice(-15));
});

test("the network, and a full disk", () => {
  expect(explain("curl: (6) Could not resolve host: x").reason).toContain("network");
  expect(explain("cc1: write error: No space left on device").reason).toContain("no space left");
});

test("the lines around the first complaint are shown, not what follows from it", () => {
  const log = [
    "building",
    "cc -c x.c",
    "x.c:1:10: fatal error: a.h: No such file or directory",
    "    1 | #include <a.h>",
    "compilation terminated.",
    ...Array.from({ length: 40 }, (_, index) => `File "setup.py", line ${index}`),
  ].join("\n");
  const { logTail } = explainFailure(
    { package: "a", step: "build", ending: "", log, layers: [] },
    undefined,
  );
  expect(logTail).toEqual(log.split("\n").slice(0, 4));
});
