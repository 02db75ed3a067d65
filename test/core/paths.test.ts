/** Paths in parts. */
import { expect, test } from "vitest";
import {
  ancestorsOf,
  isByProduct,
  isWithin,
  joinPath,
  nameOf,
  parentOf,
  pathDefect,
} from "../../src/core/index.ts";

test.each([
  ["a", undefined],
  ["a/b.c/..d", undefined],
  ["", "is empty"],
  ["/a", "is absolute"],
  ["a/../b", "contains '..'"],
  ["..", "contains '..'"],
  ["./a", "is not in its shortest form"],
  ["a//b", "is not in its shortest form"],
  ["a/", "is not in its shortest form"],
  ["a\0b", "contains a NUL byte"],
])("%j %s", (path, defect) => {
  expect(pathDefect(path)).toBe(defect);
});

test("parts of a path", () => {
  expect([parentOf("a/b/c"), parentOf("a")]).toEqual(["a/b", ""]);
  expect([nameOf("a/b/c"), nameOf("a")]).toEqual(["c", "a"]);
  expect(ancestorsOf("a/b/c")).toEqual(["a", "a/b"]);
  expect(ancestorsOf("a")).toEqual([]);
  expect([joinPath("a", "b"), joinPath("", "b"), joinPath("a", "")]).toEqual(["a/b", "b", "a"]);
});

test.each([
  ["a/b", "a", true],
  ["a", "a", true],
  ["ab", "a", false],
  ["a", "a/b", false],
  ["a", "", true],
])("%s within %j: %s", (path, ancestor, expected) => {
  expect(isWithin(path, ancestor)).toBe(expected);
});

test.each([
  ["lib/__pycache__/x.cpython-311.pyc", true],
  ["lib/__pycache__", true],
  ["x.pyc", true],
  ["lib/x.pyo", true],
  ["lib/x.py", false],
  ["lib/my__pycache__/x", false],
  ["x.pycx", false],
])("%s is a by-product: %s", (path, expected) => {
  expect(isByProduct(path)).toBe(expected);
});
