/** What programs print, without what would move the cursor or hide text. */
import { expect, test } from "vitest";
import { colouredLine, plainText } from "../../src/core/index.ts";

test.each([
  ["\u001B[1;31mred\u001B[0m", "red"],
  ["\u001B]8;;https://example.org\u0007link\u001B]8;;\u0007", "link"],
  ["a\tb\u0008\u0007", "a b"],
  ["\u001B[2J\u001B[Hhome", "home"],
  ["turned \u202Earound", "turned around"],
])("%j moves no cursor", (printed, expected) => {
  expect(plainText(printed)).toBe(expected);
});

test.each([
  ["plain", "plain"],
  ["\u001B[1;31mred\u001B[0m", "\u001B[1;31mred\u001B[0m\u001B[0m"],
  ["\u001B[31mred for ever", "\u001B[31mred for ever\u001B[0m"],
  ["\u001B]0;title\u0007words\u001B[2J", "words"],
  ["lone \u001B and \u009B31m", "lone \\x1b and \\u009b31m"],
  ["10 %\r99 %\r", "99 %"],
])("%j keeps its colours on a terminal, and nothing else", (printed, expected) => {
  expect(colouredLine(printed)).toBe(expected);
});
