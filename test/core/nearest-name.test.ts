/** The name that was probably meant, and none when nothing is near. */
import { describe, expect, test } from "vitest";
import { editDistance, nearestName } from "../../src/core/nearest-name.ts";

describe("nearestName", () => {
  const names = ["build", "greet", "libgreet", "libgreet2", "system", "takes-over", "url"];

  test.each([
    ["libgret", "libgreet"],
    ["lbigreet", "libgreet"],
    ["sytem", "system"],
    ["Build", "build"],
    ["takes_over", "takes-over"],
    ["ulr", "url"],
    ["colour", undefined],
    ["x", undefined],
    ["", undefined],
  ])("%s means %s", (name, expected) => {
    expect(nearestName(name, names)).toBe(expected);
  });

  test("the first of equals", () => {
    expect(nearestName("abd", ["abc", "abe"])).toBe("abc");
  });
});

test.each([
  ["", "abc", 3],
  ["abc", "abc", 0],
  ["abc", "acb", 1],
  ["kitten", "sitting", 3],
  ["ca", "abc", 3],
])("from %j to %j are %i changes", (from, to, expected) => {
  expect(editDistance(from, to, 9)).toBe(expected);
  expect(editDistance(to, from, 9)).toBe(expected);
  expect(editDistance(from, to, expected - 1)).toBe(expected === 0 ? 0 : expected);
});
