/** Words of command lines, read back by a real shell. */
import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { shellWord, typedWord, visible } from "../../src/core/index.ts";

const readBack = (word: string): string =>
  spawnSync("sh", ["-c", `printf %s ${word}`], { encoding: "utf8" }).stdout;

test.each([
  "/opt/p",
  "a b",
  "it's",
  '$HOME `id` \\ "x"',
  "/p/\u001b[2Jx.json",
  "-\u001b %s 'x' \\n \\033 $(id) `id` \" é",
  "line\nline",
  "\u202egnp.exe\u0085",
])("%j is shown as it can be typed", (text) => {
  expect(readBack(typedWord(text))).toBe(text);
  expect(visible(typedWord(text))).toBe(typedWord(text));
  expect(readBack(shellWord(text))).toBe(text);
});

test("what can be seen is written as ever", () => {
  expect(typedWord("/opt/p")).toBe("/opt/p");
  expect(typedWord("a b")).toBe("'a b'");
});
