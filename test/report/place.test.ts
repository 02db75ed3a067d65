/** Paths are shown from where a person is. */
import { expect, test } from "vitest";
import { showPath } from "../../src/report/place.ts";

test.each([
  ["/a/b/c", "/a/b", "c"],
  ["/a/b", "/a/b", "."],
  ["/a/bc", "/a/b", "/a/bc"],
  ["/a", "/a/b", "/a"],
  ["/a", "/", "a"],
])("%s from %s is %s", (path, from, shown) => {
  expect(showPath(path, from)).toBe(shown);
});
