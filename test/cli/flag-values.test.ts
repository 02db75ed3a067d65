/** The values of options, read. */
import { expect, test } from "vitest";
import { parseSize } from "../../src/cli/flag-values.ts";

test.each([
  ["512", 512],
  ["4k", 4096],
  ["300M", 300 * 1024 ** 2],
  ["1.5G", 1.5 * 1024 ** 3],
  ["8GiB", 8 * 1024 ** 3],
  ["2TB", 2 * 1024 ** 4],
])("a size: %s", (typed, bytes) => {
  expect(parseSize(typed)).toBe(bytes);
});

test.each(["", "G", "-1", "0", "8X", "1e9", "8 G"])("no size: %j", (typed) => {
  expect(() => parseSize(typed)).toThrow(/a size such as 800M or 8G is needed/);
});
