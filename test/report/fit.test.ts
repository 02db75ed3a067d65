/** Text is cut and padded by the columns that it takes. */
import { expect, test } from "vitest";
import { cut, fitLine, pad, widthOf } from "../../src/report/fit.ts";
import { makeStyle } from "../../src/report/index.ts";

test.each([
  ["short", 10, "short"],
  ["exactly", 7, "exactly"],
  ["too long", 5, "too …"],
  ["目録目録", 5, "目録…"],
  ["目録目録", 4, "目…"],
  ["👩‍👩‍👧 family", 4, "👩‍👩‍👧 …"],
  ["anything", 1, "…"],
  ["anything", 0, ""],
])("%j in %i columns", (text, columns, expected) => {
  expect(cut(text, columns)).toBe(expected);
  expect(widthOf(cut(text, columns))).toBeLessThanOrEqual(columns);
});

test("cells line up whatever is in them", () => {
  expect(["ab", "目", "é"].map((text) => widthOf(pad(text, 4)))).toEqual([4, 4, 4]);
});

test("a line is cut as a whole, and its colours are closed", () => {
  const pieces = [{ text: "name" }, { text: " failed", paint: "bad" as const }, { text: " more" }];
  expect(fitLine(pieces, 8, makeStyle(false))).toBe("name fa…");
  expect(fitLine(pieces, 8, makeStyle(true))).toBe("name\u001B[31m fa…\u001B[39m");
  expect(fitLine(pieces, 80, makeStyle(false))).toBe("name failed more");
});
