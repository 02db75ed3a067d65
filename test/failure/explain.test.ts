/** The first real error, past what only passes it on and what others say. */
import { expect, test } from "vitest";
import { explainLog } from "../../src/failure/index.ts";

const explain = (lines: readonly string[], more: { exitCode?: number; isOnline?: boolean } = {}) =>
  explainLog({
    package: "bells",
    step: "build",
    ending: "make ended with exit code 2",
    log: lines.join("\n"),
    ...more,
  });

test("an error that make was told to ignore is not the reason", () => {
  const { line } = explain([
    "probe.c:1:1: error: this is only tried",
    "make: [Makefile:3: probe] Error 1 (ignored)",
    "real.c:1:1: error: this is it",
    "make: *** [Makefile:7: all] Error 1",
  ]);
  expect(line).toBe(3);
});

test("of what parallel jobs say, the reason is what belongs to the target that failed", () => {
  const said = ["loud.c:1:1: error: somebody else", "quiet.c:1:1: error: this is it"];
  const { line } = explain([...said, "make: *** [Makefile:7: out/quiet.o] Error 1"]);
  expect(line).toBe(2);
  expect(explain(said).line).toBe(1);
});

test("ninja prints what failed after its name", () => {
  const log = [
    "a.c:1:1: error: of a generator that went on",
    "FAILED: b.o ",
    "b.c:2:2: error: this",
  ];
  expect(explain(log).line).toBe(3);
});

test("what a configure check compiles is no reason", () => {
  const log = [
    "conftest.c:9:10: fatal error: a.h: No such file or directory",
    "x.c:1:1: error: no",
  ];
  expect(explain(log)).toMatchObject({ kind: "compile-error", line: 2 });
});

test("source lines that are quoted are not read", () => {
  const log = [
    "x.c:1:1: warning: odd",
    "    1 | // undefined reference to 'bell'",
    "x.c:2:1: error: b",
  ];
  expect(explain(log).line).toBe(3);
});

test("colours and what a carriage return overwrites are not read or shown", () => {
  const log = ["50%\r100%", "\u001b[1mx.c:1:1: \u001b[31merror:\u001b[0m no bell"];
  const { reason, context } = explain(log);
  expect(reason).toBe("no bell");
  expect(context).toEqual(["100%", "x.c:1:1: error: no bell"]);
});

test("a line of which no end is in sight is read in its beginning only", () => {
  const line = `x.c:1:1: error: no bell ${"/a".repeat(100_000)}`;
  expect(explain([line])).toMatchObject({ kind: "compile-error", line: 1 });
  expect(explain([line]).reason.length).toBeLessThan(1_001);
});

test("the context ends where others only pass it on", () => {
  const log = [
    "one",
    "two",
    "three",
    "x.c:1:1: error: no bell",
    "    1 | bell",
    "make: *** [x.o] Error 1",
  ];
  expect(explain([...log, "after"]).context).toEqual(log.slice(1, 5));
});

test("of chained exceptions the one that explains counts, but not one that only wraps", () => {
  const first = ["Traceback (most recent call last):", '  File "a", line 1', "KeyError: 'a'"];
  const because = ["", "The above exception was the direct cause of the following exception:", ""];
  const second = [
    "Traceback (most recent call last):",
    '  File "a", line 2',
    "ValueError: no bell",
  ];
  const wrapper = [...second.slice(0, 2), "subprocess.CalledProcessError: Command 'a' returned 1"];
  expect(explain([...first, ...because, ...second]).reason).toBe("ValueError: no bell");
  expect(explain([...first, ...because, ...wrapper]).reason).toBe("KeyError: 'a'");
  expect(explain([...wrapper, "configure: error: no bell"]).reason).toBe("no bell");
});

test("a command that was not found is the reason when the step ends with 127", () => {
  const log = [
    "build.sh: 3: help2man: not found",
    "cp: cannot stat 'a': No such file or directory",
  ];
  expect(explain(["cp: cannot stat 'a': No such file", ...log], { exitCode: 127 })).toMatchObject({
    kind: "missing-program",
    missing: [{ kind: "program", name: "help2man" }],
  });
});

test("a log that says nothing gives the ending, its last lines, and a fingerprint of its own", () => {
  const log = ["working", "make: *** [Makefile:3: all] Error 1"];
  const said = explain(log);
  expect(said).toMatchObject({ kind: "unknown", reason: "make ended with exit code 2" });
  expect(said.line).toBeUndefined();
  expect(said.context).toEqual(log);
  const other = explainLog({
    package: "tower",
    step: "build",
    ending: "make ended with exit code 2",
    log: log.join("\n"),
  });
  expect(other.fingerprint).not.toBe(said.fingerprint);
});

test("what the kernel killed is said to be that", () => {
  expect(explain(["linking"], { exitCode: 137 })).toMatchObject({ kind: "killed" });
});

test("a build that was to have the network is not told that it has none", () => {
  const log = ["fatal: unable to access 'https://x.test/': Could not resolve host: x.test"];
  expect(explain(log).reason).toMatch(/which a build does not have/);
  const online = explain(log, { isOnline: true });
  expect(online).toMatchObject({ kind: "network", reason: "the network could not be reached" });
  expect(online.cure).not.toBe(explain(log).cure);
  const untrusted = ["SSL: certificate verify failed"];
  expect(explain(untrusted, { isOnline: true }).reason).toBe(explain(untrusted).reason);
});

test.each([
  ["cc1: fatal error: nosuch.c: No such file or directory"],
  ["/usr/lib/gcc/cc1plus: fatal error: nosuch.c: No such file or directory"],
  ["x86_64-linux-gnu-gcc: fatal error: nosuch.c: No such file or directory"],
  ["all.c:3:10: fatal error: nosuch.c: No such file or directory"],
  ["all.c:3:10: fatal error: 'nosuch.c' file not found"],
])("a missing source is no header: %s", (line) => {
  expect(explain([line])).toMatchObject({
    kind: "missing-file",
    reason: "the source file nosuch.c is missing",
    missing: [],
  });
});

test("a header that a source includes is one", () => {
  const line = "bell.c:3:10: fatal error: bell.h: No such file or directory";
  expect(explain([line])).toMatchObject({ kind: "missing-header" });
});

test("a reason that ends at a colon goes on in the next line", () => {
  const { reason } = explain([
    "CMake Error at CMakeLists.txt:3 (file):",
    "  file failed to open for reading (No such file or directory):",
    "",
    "    /w/out/pac_Cconftest.out",
    "",
    "-- Configuring incomplete, errors occurred!",
  ]);
  expect(reason).toBe(
    "file failed to open for reading (No such file or directory): /w/out/pac_Cconftest.out",
  );
  expect(explain(["bell.c:1:1: error: it is wrong here:"]).reason).toBe("it is wrong here");
  expect(explain(["bell.c:1:1: error: wrong:", "make: *** [Makefile:7: all] Error 1"]).reason).toBe(
    "wrong",
  );
});

test("a requirement that a program has wrapped is read where it is whole", () => {
  const { reason } = explain([
    "< ERROR: Could not find a version that satisfies the requirement meson-",
    "  python>=0.15.0 (from versions: none)",
    "< ERROR: No matching distribution found for meson-python>=0.15.0",
  ]);
  expect(reason).toBe("no version satisfies meson-python>=0.15.0");
});
