/** Counts, sizes, times and lists of names, in words. */
import { expect, test } from "vitest";
import { showCount, showDuration, showNames, showSize } from "../../src/core/index.ts";

test.each([
  [0, "0.0 s"],
  [49, "0.0 s"],
  [50, "0.1 s"],
  [9_940, "9.9 s"],
  [9_949, "9.9 s"],
  [9_950, "10 s"],
  [59_400, "59 s"],
  [59_500, "1 min 00 s"],
  [59_960, "1 min 00 s"],
  [185_000, "3 min 05 s"],
  [3_599_400, "59 min 59 s"],
  [3_599_600, "1 h 00 min"],
  [7_620_000, "2 h 07 min"],
  [360_000_000, "100 h 00 min"],
])("%d ms is %s", (ms, text) => {
  expect(showDuration(ms)).toBe(text);
});

test.each([
  [0, "0 B"],
  [999, "999 B"],
  [1_000, "1.0 kB"],
  [99_949, "99.9 kB"],
  [99_950, "100 kB"],
  [999_499, "999 kB"],
  [999_500, "1.0 MB"],
  [999_950, "1.0 MB"],
  [3_240_000, "3.2 MB"],
  [999_999_999_999, "1.0 TB"],
  [5e15, "5000 TB"],
])("%d bytes are %s", (bytes, text) => {
  expect(showSize(bytes)).toBe(text);
});

test.each([
  [0, "0 files"],
  [1, "1 file"],
  [999, "999 files"],
  [1_000, "1,000 files"],
  [123_456, "123,456 files"],
  [1_234_567, "1,234,567 files"],
])("%d: %s", (count, text) => {
  expect(showCount(count, "file")).toBe(text);
});

test("eight names, then how many more", () => {
  const names = ["a", "b", "c", "d", "e", "f", "g", "h"];
  expect(showNames(names)).toBe("a, b, c, d, e, f, g, h");
  expect(showNames([...names, "i", "j"])).toBe("a, b, c, d, e, f, g, h and 2 more");
});
