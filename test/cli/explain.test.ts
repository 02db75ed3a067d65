/** `tenon explain`: anybody's log, with what the workspace around it knows. */
import { expect, test } from "vitest";
// The command line loads it when it is run.
import "../../src/cli/explain.ts";
import { explainLog } from "../../src/failure/index.ts";
import { renderAnnotation } from "../../src/report/log-explanation-text.ts";
import { explainForeignLog } from "../../src/workspace/explain-log.ts";
import { type Machine, tenon, workspaceMachine } from "./tenon.ts";

const log =
  "cc -c src/a.c\nsrc/a.c:3:10: fatal error: bell.h: No such file or directory\nmake: *** [a.o] Error 1\n";
const { fingerprint } = explainLog({ package: "", step: "", ending: "", log });

function machineWith(files: Record<string, string>): Machine {
  const machine = workspaceMachine();
  machine.world.disk.plant("/w", files);
  return machine;
}

test("names the line, marks it, says what can be done, and ends with 0", async () => {
  const { out, code } = await tenon("explain build.log", {}, machineWith({ "build.log": log }));
  expect(out.split("\n")).toEqual([
    "build.log:2: the header bell.h is missing",
    "  | cc -c src/a.c",
    "> | src/a.c:3:10: fatal error: bell.h: No such file or directory",
    "  hint: Install the development package that has bell.h: on Debian and Ubuntu, `apt-file search bell.h` names it.",
    `  fingerprint: ${fingerprint}`,
    "",
  ]);
  expect(code).toBe(0);
});

test("reads standard input, for - and for nothing", async () => {
  for (const line of ["explain", "explain -"]) {
    const { out } = await tenon(line, {}, { ...workspaceMachine(), input: log });
    expect(out).toMatch(/^stdin:2: the header bell\.h is missing\n/);
  }
  const { error, code } = await tenon("explain");
  expect(error).toMatch(/standard input is a terminal/);
  expect(code).toBe(2);
});

test("an annotation of GitHub Actions names the file below the current folder, and breaks no line", async () => {
  const absolute = log.replace("\nsrc/", "\n/w/src/").replace("bell.h", "be%ll.h");
  const { out } = await tenon(
    "explain --format github",
    {},
    { ...workspaceMachine(), input: absolute },
  );
  expect(out).toMatch(
    /^::error file=src\/a\.c,line=3,col=10,title=missing-header::the header be%25ll\.h is missing%0A/,
  );
  expect(out.trimEnd().split("\n")).toHaveLength(1);
});

test("--json gives one value with what a machine needs", async () => {
  const { out } = await tenon("explain --json", {}, { ...workspaceMachine(), input: log });
  expect(JSON.parse(out)).toMatchObject({
    format: 1,
    kind: "missing-header",
    line: 2,
    place: { file: "src/a.c", line: 3, column: 10 },
    missing: [{ kind: "header", name: "bell.h" }],
    fingerprint,
  });
});

test("what the team and earlier runs know of the failure is said", async () => {
  const seen = { fingerprint, package: "bells", version: "1", run: "R1", atMs: 0, reason: "x" };
  const machine = machineWith({
    "build.log": log,
    "known-failures.toml": `[[failure]]\nfingerprint = "${fingerprint}"\nnote = "ask Ann"\n`,
    ".tenon/failures.jsonl": `${JSON.stringify(seen)}\n`,
  });
  const { out } = await tenon("explain build.log", {}, machine);
  expect(out).toContain("  known: ask Ann\n");
  expect(out).toContain("  seen before: 1 time since 1970-01-01, last in run R1, also in bells\n");
});

test("a log that does not tell is shown by its end, and ends with 1", async () => {
  const { out, code } = await tenon(
    "explain",
    {},
    { ...workspaceMachine(), input: "make: *** [all] Error 2\n" },
  );
  expect(out).toBe(
    "stdin does not say why the build failed; it ends with:\n  | make: *** [all] Error 2\n",
  );
  expect(code).toBe(1);
  expect((await tenon("explain", {}, { ...workspaceMachine(), input: "" })).out).toBe(
    "stdin is empty\n",
  );
});

test("a letter may be cut between two pieces of the log, and a property of an annotation has its own signs", async () => {
  const bytes = Buffer.from("glöck,1.c:3:1: error: nö\n");
  const pieces = [bytes.subarray(0, 3), bytes.subarray(3)];
  const { world } = workspaceMachine();
  const explained = await explainForeignLog(world, { directory: "/w" }, pieces);
  expect(explained).toMatchObject({ reason: "nö", place: { file: "glöck,1.c", line: 3 } });
  expect(renderAnnotation(explained, "/w")[0]).toMatch(/^::error file=glöck%2C1\.c,line=3,col=1,/);
});
