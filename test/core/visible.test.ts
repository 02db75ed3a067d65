/** No text that comes from outside can hide or forge what a person reads. */
import { expect, test } from "vitest";
import { makeStyle, sealOf, widthOf } from "../../src/report/index.ts";
import { visible, visibleJson } from "../../src/core/index.ts";

test.each([
  ["an escape sequence", "\u001B]0;owned\u0007\u001B[2J", "\\x1b]0;owned\\x07\\x1b[2J"],
  ["the same in one character", "\u009B31m\u0085", "\\u009b31m\\u0085"],
  ["a backspace, a deletion", "ab\b\u007F", "ab\\x08\\x7f"],
  ["an end of line", "a\r\nb", "a\\r\\nb"],
  ["other ends of line", "a\u2028b\u2029", "a\\u2028b\\u2029"],
  [
    "another direction",
    "\u202Eexe.\u2066\u2069\u200F\u061C",
    "\\u202eexe.\\u2066\\u2069\\u200f\\u061c",
  ],
  ["no width", "pip\u200B\u2060\uFEFF\u00AD", "pip\\u200b\\u2060\\ufeff\\u00ad"],
  ["tags", "a\u{E0041}", "a\\u{e0041}"],
  ["half a character", "a\uD800b", "a\\ud800b"],
])("%s is written out", (_what, text, expected) => {
  expect(visible(text)).toBe(expected);
});

test("what a person can read stays: tabs, other scripts, emoji, a character for damage", () => {
  const text = "naïve\t目録 العربية 👍 \uFFFD \\x1b";
  expect(visible(text)).toBe(text);
});

test("in JSON the same text comes out for who reads it", () => {
  const value = { name: "\u009B\u202E\u{E0041}\u007F\u0007 目" };
  const json = visibleJson(JSON.stringify(value));
  expect(json).toMatch(/^[\u0020-\u007E目]*$/);
  expect(JSON.parse(json)).toEqual(value);
});

test("a style shows its own paint, and writes out the paint of others", () => {
  const style = makeStyle(true, sealOf("00ff10a7"));
  const line = `${style.bad("error:")} \u001B[31mfake\u001B[39m\n`;
  expect(style.show(line)).toBe("\u001B[31merror:\u001B[39m \\x1b[31mfake\\x1b[39m\n");
  expect(widthOf(style.bad("error:"))).toBe(6);
});

test("without colour there is no paint at all", () => {
  const style = makeStyle(false, sealOf("00ff10a7"));
  expect(style.show(`${style.bad("error:")} \u001B[31mfake`)).toBe("error: \\x1b[31mfake");
});
