/** Scripts of wheels at interpreters whose path no kernel reads: what Python sees of them is what their authors wrote. */
import { execFileSync, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { entryPointScript, rewriteScript } from "../../src/wheel/wheel-scripts.ts";
import { temporaryFolder } from "../archive/temporary.ts";

const folder = temporaryFolder();
const python = execFileSync("python3", ["-c", "import sys; print(sys.executable)"])
  .toString()
  .trim();

const places = {
  plain: "plain",
  "a space": "a b",
  "a long name": "d".repeat(140),
  "other letters": `юг ${"é".repeat(70)}`,
  "a backslash": `\\x ${"\\N".repeat(60)}`,
  quotes: `'"'"''' "`,
  "what a shell expands": "$HOME `id` %s %% ! * ~",
  "a line's end": "two\nlines",
} as const;

function interpreterIn(place: string): string {
  const home = join(folder, place);
  const file = join(home, "python3");
  if (fs.existsSync(file)) return file;
  fs.mkdirSync(home);
  fs.symlinkSync(python, file);
  return file;
}

function run(content: Uint8Array | string, ...args: string[]): string {
  const script = join(fs.mkdtempSync(join(folder, "script-")), "a script");
  fs.writeFileSync(script, content, { mode: 0o755 });
  const { stdout, stderr } = spawnSync(script, args, { encoding: "utf8" });
  return stdout + stderr;
}

/** Bytes, and what they are in the encoding. */
const encodings = [
  ["windows-1252", [0x80, 0x99], "\\u20ac\\u2122"],
  ["koi8-r", [0xc1], "\\u0430"],
  ["euc-jp", [0xa4, 0xa2], "\\u3042"],
  ["shift_jis", [0x82, 0xa0], "\\u3042"],
  ["ascii", [0x61], "a"],
] as const;

function scriptWith(comment: string, bytes: readonly number[], end = "\n"): Buffer {
  const before = `#!python${end}${comment}${end}print(ascii("`;
  return Buffer.concat([Buffer.from(before), Buffer.from(bytes), Buffer.from(`"))${end}`)]);
}

test.each([
  ["# -*- coding: windows-1252 -*-", "\n"],
  ["  \f # vim: set fileencoding=windows-1252 :", "\n"],
  ["#coding:windows-1252", "\r\n"],
])("the encoding may be declared by %s", (comment, end) => {
  const script = rewriteScript(scriptWith(comment, [0x80], end), interpreterIn(places["a space"]));
  expect(run(script)).toBe("'\\u20ac'\n");
});

describe.each(Object.entries(places))("an interpreter's path with %s", (_what, place) => {
  const interpreter = interpreterIn(place);

  test.each(encodings)("a script in %s", (encoding, bytes, read) => {
    const script = scriptWith(`# coding: ${encoding}`, bytes);
    expect(run(rewriteScript(script, interpreter))).toBe(`'${read}'\n`);
  });

  test("its docstring, its imports from the future and its arguments", () => {
    const body = [
      '"""The words of the script."""',
      "from __future__ import annotations",
      "import sys",
      "print(__doc__, sys.argv[1:])",
      "",
    ];
    for (const [first, end] of [
      ["#!python", "\n"],
      ["#!pythonw", "\r\n"],
    ] as const) {
      const script = rewriteScript(Buffer.from([first, ...body].join(end)), interpreter);
      expect(run(script, "a b", "$c", "")).toBe("The words of the script. ['a b', '$c', '']\n");
    }
  });

  test("an option", () => {
    const script = "#!python -E\nimport sys\nprint(sys.flags.ignore_environment)\n";
    expect(run(rewriteScript(Buffer.from(script), interpreter))).toBe("1\n");
  });

  test("an entry point", () => {
    const point = { name: "x", module: "json", attribute: "JSONDecoder.__name__.upper" };
    expect(run(entryPointScript(point, interpreter))).toBe("JSONDECODER\n");
  });
});

test("what the kernel reads is one line, and the rest is as it was", () => {
  const rest = Buffer.from("# coding: latin-1\nprint('\xe9')\n", "latin1");
  const script = Buffer.concat([Buffer.from("#!python\n"), rest]);
  const rewritten = Buffer.from(rewriteScript(script, "/usr/bin/python3"));
  expect(rewritten.equals(Buffer.concat([Buffer.from("#!/usr/bin/python3\n"), rest]))).toBe(true);
});

test("the line may have 127 bytes, and no more", () => {
  const path = (bytes: number): string => `/${"d".repeat(bytes - "#!/".length)}`;
  const first = (interpreter: string): string =>
    Buffer.from(rewriteScript(Buffer.from("#!python\n"), interpreter))
      .toString()
      .split("\n")[0] ?? "";
  expect(first(path(127))).toHaveLength(127);
  expect(first(path(128))).toBe("#!/bin/sh");
});

test.each(["dash", "bash", "busybox", "ksh93", "mksh", "zsh", "yash"])("%s reads it", (shell) => {
  if (spawnSync(shell, ["-c", ":"]).error !== undefined) return; // it is not on this machine
  const interpreter = interpreterIn(places["a space"]);
  const script = Buffer.from(rewriteScript(Buffer.from("#!python\nprint('ran')\n"), interpreter));
  const file = join(folder, `by-${shell}`);
  fs.writeFileSync(file, script);
  const argv = shell === "busybox" ? ["sh", file] : [file];
  const { stdout, stderr } = spawnSync(shell, argv, { encoding: "utf8" });
  expect(stdout + stderr).toBe("ran\n");
});
