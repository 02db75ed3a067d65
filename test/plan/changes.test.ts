/** What differs between the inputs of two builds, in words. */
import { expect, test } from "vitest";
import { changesBetween, describeChange, type Input } from "../../src/plan/index.ts";

const input = (name: string, value: Input["value"]): Input => ({ name, value });

test("in the order of today, what is gone last", () => {
  const before = [input("old", 1), input("same", { a: 1, b: 2 }), input("args", [])];
  const now = [input("new", null), input("args", ["-x"]), input("same", { b: 2, a: 1 })];
  expect(changesBetween(before, now)).toEqual([
    { name: "new", before: undefined, now: null },
    { name: "args", before: [], now: ["-x"] },
    { name: "old", before: 1, now: undefined },
  ]);
});

test.each([
  [{ name: "args", before: [], now: ["-x"] }, 'args changed from [] to ["-x"]'],
  [{ name: "a", before: undefined, now: 1 }, "a is new"],
  [{ name: "a", before: 1, now: undefined }, "a is gone"],
  [
    { name: "the source", before: "a".repeat(64), now: null },
    "the source changed from aaaaaaaaaaaa to null",
  ],
  [
    {
      name: "build.env",
      before: { CC: "gcc", LONG: "x".repeat(70), OLD: "1" },
      now: { CC: "clang", LONG: "x".repeat(70), NEW: "2" },
    },
    'build.env.CC changed from "gcc" to "clang", build.env.NEW is new, build.env.OLD is gone',
  ],
  [
    { name: "script", before: "x".repeat(70), now: "" },
    `script changed from "${"x".repeat(58)}… to ""`,
  ],
])("%j", (change, text) => {
  expect(describeChange(change)).toBe(text);
});
