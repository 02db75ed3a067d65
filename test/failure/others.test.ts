/** What other programs, systems and languages write into a log: each kind of line is read for what it is. */
import { describe, expect, test } from "vitest";
import { explainLines, explainLog, openLogReader } from "../../src/failure/index.ts";

const explain = (log: string) =>
  explainLog({ package: "", step: "", ending: "it ended", log, isForeign: true });

const lines: readonly (readonly [log: string, kind: string, reason: string | RegExp])[] = [
  ["line 1: bell: command not found", "missing-program", "the program bell is missing"],
  [
    "gcc.exe: error: bell.c: No such file or directory",
    "missing-file",
    "the file bell.c is missing",
  ],
  ["Native dependency bell-3.0 not found.", "missing-pkgconfig", /bell-3\.0 is missing/],
  [
    "make[2]: *** Deleting file 'bell'\nmake[1]: *** [a] Error 127",
    "missing-program",
    /make calls/,
  ],
  ["npm ERR! make: bell: Command not found", "missing-program", "the program bell is missing"],
  ["denied: no bell for you", "permission", "a registry refused: no bell for you"],
  [
    "a.go:3:2: package bell is not in std (/usr/lib/go/src/bell)",
    "missing-module",
    /Go package bell/,
  ],
  ["can't load package: package bell: no Go files", "compile-error", /no Go files/],
  ["Main.hs:5:1: error: [GHC-1]\n    Could not find module ‘Bell’", "missing-module", /Bell/],
  [
    "12:00:01.002 [ERROR] [a.B] * What went wrong:\n12:00:01.002 [ERROR] [a.B] No bell.",
    "script-error",
    "No bell.",
  ],
  ["Bell.java:7: cannot find symbol", "compile-error", "cannot find symbol"],
  ["[ERROR] /w/Bell.java:[5,1] cannot find symbol", "compile-error", "cannot find symbol"],
  ["a.cs(1,2): error CS0246: no bell [/w/a.csproj]", "compile-error", /no bell/],
  ["src/a.ts:1:2 - error TS2307: Cannot find module 'bell'", "missing-module", /bell/],
  ["! LaTeX Error: File `bell.sty' not found.", "missing-file", "the TeX file bell.sty is missing"],
  ['Undefined symbols for architecture arm64:\n  "_bell", referenced from:', "link-error", /_bell/],
  ["ld: library 'bell' not found", "missing-library", "the library bell is missing"],
  ["fatal: repository 'https://bell' not found", "not-found", /bell/],
  ["a.b.BellNotFoundError: no bell", "python-error", /no bell/],
  [
    "error: could not exec the linker `bell`: No such file or directory (os error 2)",
    "missing-program",
    "the program bell is missing",
  ],
  [
    "CMake Error at a.txt:2 (project):\n  Running\n\n   '/bell' '--version'\n\n  failed with:\n\n   no bell",
    "configure-error",
    /failed: no bell/,
  ],
  ["Error: no bell", "script-error", "no bell"],
  ["Error: no bell in pyproject.toml", "python-project", /no bell/],
  ["ringer: load bell: Invalid argument", "script-error", "ringer: load bell: Invalid argument"],
  ["#7 55.24 error[E0599]: no bell here", "compile-error", "no bell here"],
  ["2026-01-02T03:04:05.678Z a.c:1:2: error: no bell", "compile-error", "no bell"],
  ["> a.c:1:2: error: no bell", "compile-error", "no bell"],
  ["| make: *** No targets.  Stop.", "make-error", "there is no makefile"],
  ["       > rm: cannot remove 'bell': No such file or directory", "missing-file", /bell/],
  ["a.c:1:2: Fehler: keine Glocke", "compile-error", "keine Glocke"],
  ["in.rb:5:in `require': no such file to load -- bell (LoadError)", "missing-module", /bell/],
  ["Could not find gem 'bell' in any of the sources.", "missing-package", /gem bell/],
  ["/r/mkmf.rb:9:in `try': no bell today (RuntimeError)", "script-error", "no bell today"],
  ["[ERROR] Plugin a:bell:1 could not be resolved", "missing-package", /a:bell:1/],
  [
    "* What went wrong:\nExecution failed for task ':bell'.\n> no clapper",
    "script-error",
    "no clapper",
  ],
  [
    "Bell::Ring version 2 required--this is only version 1 at x line 1.",
    "missing-module",
    /Bell::Ring/,
  ],
  ["PHP Fatal error:  no bell in a.php:1", "script-error", /no bell/],
  ["[FATAL] no bell", "script-error", "no bell"],
  ["E: no bell", "script-error", "no bell"],
  ["ERROR\n\nNo bell for root.", "script-error", "No bell for root."],
  ["^--^ SC2162 (info): read mangles bells.", "script-error", /^SC2162/],
  ["Caused by:\n  permission denied", "permission", "permission denied"],
  ["[Errno 2] No such file or directory: 'bell'", "missing-file", "the file bell is missing"],
  ["build .: cannot find module for path .", "missing-module", /Go package/],
  ["build flag -mod=bell only valid when using modules", "configure-error", /-mod=bell/],
  [`Can't exec "bell": No such file or directory at x line 1.`, "missing-program", /bell/],
  ["make[1]: ./bell: Command not found", "missing-file", "the file ./bell is missing"],
  ["/usr/bin/python3: No module named bell", "missing-module", /bell/],
  ["namespace ‘bell’ 1.0 is being loaded, but >= 2.0 is required", "missing-package", />= 2.0/],
  ["FAIL\texample.org/bell\t0.1s", "test-failure", /example.org\/bell/],
  ["FAIL src/bell.test.ts", "test-failure", /bell.test.ts/],
  ["FAILED (failures=1)\nERROR: InvocationError: 'bell'", "test-failure", /failures=1/],
  ["Requested 'bell >= 2' but version of bell is 1", "missing-package", /^bell was found only/],
  ["Checking for C header file bell.h... no\nGave up.", "missing-header", /bell.h/],
  ["Checking for 'bell' : not found", "missing-package", "bell was not found"],
  ["is `bell` not installed?", "missing-program", "the program bell is missing"],
  ["Makefile.am:7: error: Libtool library used but 'BELL' is undefined", "configure-error", /BELL/],
  ["java.io.BellException: no clapper", "crash", /no clapper/],
  ["rpm-tmp: line 1: bell: no job control", "script-error", /no job control/],
  ["Err:1 bell\n  Temporary failure resolving 'bell'", "network", /network/],
  ["==> Starting\nThis tool needs a bell.\nThe bell could not be rung", "script-error", /be rung/],
  ["Ringing\nThe bell does not appear to be installed here.", "missing-package", /bell/],
  [
    "a.c:1:2: fatal error: bell.h: Datei oder Verzeichnis nicht gefunden",
    "missing-header",
    "the header bell.h is missing",
  ],
  [
    "arm-linux-gnueabihf-gcc: error: bell.c: No such file or directory",
    "missing-file",
    "the file bell.c is missing",
  ],
  [
    "g++: internal compiler error: Killed (program cc1plus)",
    "out-of-memory",
    /^cc1plus was killed/,
  ],
  ["configure.ac:7: error: possibly undefined macro: AC_BELL", "configure-error", /AC_BELL/],
  ["configure:77: error: Library bell not found", "missing-package", /Library bell not found/],
  ['meson.build:1:0: ERROR:  Dependency "bell" not found', "missing-pkgconfig", /bell is missing/],
  ["Project ERROR: Unknown module(s) in QT: bell", "missing-package", /module bell/],
  [
    "Please set them or make sure they are set and tested correctly in the CMake files:\nBELL_LIBRARY",
    "missing-package",
    "CMake did not find BELL_LIBRARY",
  ],
  [
    "ld: a.o: in function `main':\na.c:(.text+0x1): undefined reference to `ring'",
    "link-error",
    /^ring is used/,
  ],
  [
    "make: bell: Command not found\nmake: *** [a] Error 127",
    "missing-program",
    "the program bell is missing",
  ],
  ["make: don't know how to make bell.c. Stop", "make-error", "there is no rule to make bell.c"],
  [
    "make[1]: *** Aucune règle pour fabriquer la cible « bell ». Arrêt.",
    "make-error",
    /Aucune règle/,
  ],
  [
    "tar (child): bell: Cannot exec: No such file or directory",
    "missing-program",
    "the program bell is missing",
  ],
  ["\t 7 - ring_bell (Failed)", "test-failure", "the test ring_bell failed"],
  ["62% tests passed, 5 tests failed out of 13", "test-failure", "5 tests failed"],
  ["# FAIL:  1", "test-failure", "tests failed: 1"],
  [
    "error: could not compile `bell` due to 6 errors",
    "compile-error",
    "bell could not be compiled",
  ],
  ["E: Unable to locate package bell-dev", "missing-package", "the system has no package bell-dev"],
  [
    "Error in loadNamespace(x) :\n  there is no package called ‘bell’",
    "missing-package",
    "the R package bell is missing",
  ],
  [
    "./bell.sh: line 7: 99 Segmentation fault      $run ring",
    "crash",
    "a program crashed: Segmentation fault",
  ],
  ["thread 'main' panicked at 'no bell', build.rs:3:1", "configure-error", "no bell"],
];

test.each(lines)("%j", (log, kind, reason) => {
  const explanation = explain(log);
  expect(explanation.kind).toBe(kind);
  expect(explanation.reason).toMatch(reason);
});

test.each([
  "make: *** [all] Error 2",
  "error: Bad exit status from /var/tmp/rpm-tmp.x (%build)",
  "dpkg-buildpackage: error: debian/rules build subprocess returned exit status 2",
  "==> ERROR: A failure occurred in build().",
  "gyp ERR! stack Error: `make` failed with exit code: 2",
  "The command '/bin/sh -c make' returned a non-zero code: 2",
  "##[error]Process completed with exit code 2.",
])("no reason: %s", (log) => {
  expect(explain(log)).toMatchObject({ kind: "unknown", reason: "it ended" });
});

describe("the place of an error", () => {
  test.each([
    [
      "src/a.c:3:10: fatal error: bell.h: No such file or directory",
      { file: "src/a.c", line: 3, column: 10 },
    ],
    ["error[E0599]: no bell\n --> src/main.rs:4:5", { file: "src/main.rs", line: 4, column: 5 }],
    [
      "CMake Error at lib/CMakeLists.txt:7 (find_package):\n  Could NOT find BELL",
      { file: "lib/CMakeLists.txt", line: 7 },
    ],
    [
      'Traceback (most recent call last):\n  File "setup.py", line 6, in <module>\n    ring()\nValueError: no bell',
      { file: "setup.py", line: 6 },
    ],
    ["Makefile:12: *** missing separator.  Stop.", { file: "Makefile", line: 12 }],
    ["configure: error: no bell", undefined],
    ["12:00:01: error: no bell", undefined],
  ])("%j", (log, place) => {
    expect(explain(log).place).toEqual(place);
  });
});

test("what can be done names no recipe where tenon does not run the build", () => {
  const { cure } = explain("a.c:1:1: fatal error: bell.h: No such file or directory");
  expect(cure).toContain("apt-file search bell.h");
  expect(explain("curl: (6) Could not resolve host: bell").reason).toBe(
    "the network could not be reached",
  );
});

describe("a log of any length", () => {
  const read = (...texts: string[]) => {
    const reader = openLogReader();
    texts.forEach((text) => reader.add(text));
    return reader.end();
  };

  test("is read in pieces that end anywhere, and a short one whole", () => {
    const kept = read("one\ntw", "o\nthr", "ee");
    expect(kept.map(({ number, shown }) => [number, shown])).toEqual([
      [1, "one"],
      [2, "two"],
      [3, "three"],
    ]);
  });

  test("keeps of a long one what tells something, by its number, and the first reason stays the reason", () => {
    const quiet = "[1/2] Building CXX object a.o\n".repeat(50_000);
    const kept = read(
      quiet,
      "a.c:1:1: error: no bell\n",
      quiet,
      "b.c:1:1: error: too late\n",
      quiet,
    );
    expect(kept.length).toBeLessThan(200);
    const { line, reason } = explainLines(kept, { package: "", step: "", ending: "" });
    expect({ line, reason }).toEqual({ line: 50_001, reason: "no bell" });
  });

  test("keeps no more than so many, of the beginning and the end", () => {
    const kept = read("error of something\n".repeat(200_000));
    expect(kept.length).toBeLessThanOrEqual(30_000);
    expect(kept.at(-1)?.number).toBe(200_000);
  });

  test("cuts a line that never ends", () => {
    const kept = read(...Array.from({ length: 1_000 }, () => "x".repeat(10_000)), "\n");
    expect(kept[0]?.shown.length).toBeLessThanOrEqual(2_000);
  });
});
