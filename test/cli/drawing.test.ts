/** What is written to the terminal from one drawing of the block to the next. */
/* oxlint-disable no-control-regex */
import { expect, test } from "vitest";
import { diff } from "../../src/cli/drawing.ts";
import { makeStyle } from "../../src/report/index.ts";

const style = makeStyle(false);
const none = { block: [], columns: 80 };
const two = { block: ["one", "two"], columns: 80 };

test("nothing is written where nothing has changed", () => {
  expect(diff(none, { ...none, above: [] }, style)).toBe("");
  expect(diff(two, { ...two, above: [] }, style)).toBe("");
});

test("finished lines without a block are plain text", () => {
  expect(diff(none, { ...none, above: ["built", "evil\u001B[2J"] }, style)).toBe(
    "built\nevil\\x1b[2J\n",
  );
});

test("a block is erased from its first line, with what it was wrapped into", () => {
  const bare = (text: string): string => text.replace(/\u001B\[\?2026[hl]/g, "");
  const next = { block: ["three"], columns: 80, above: ["done"] };
  expect(bare(diff(two, next, style))).toBe("\r\u001B[1A\u001B[Jdone\nthree");
  expect(bare(diff({ block: ["x".repeat(75)], columns: 80 }, { ...none, above: [] }, style))).toBe(
    "\r\u001B[J",
  );
  const wide = { block: ["x".repeat(75), "y"], columns: 80 };
  expect(bare(diff(wide, { block: [], columns: 30, above: [] }, style))).toBe(
    "\r\u001B[3A\u001B[J",
  );
});
