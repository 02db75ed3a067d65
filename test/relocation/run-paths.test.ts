/** Places in the prefix, and the ways between them. */
import { expect, test } from "vitest";
import { insideOf, wayBetween } from "../../src/relocation/run-paths.ts";

test.each([
  ["/p/lib", "lib"],
  ["/p//lib/", "lib"],
  ["/p", ""],
  ["/real/p/lib", "lib"],
  ["/p2/lib", undefined],
  ["lib", undefined],
])("%s is %s in the prefix", (place, inside) => {
  expect(insideOf(place, ["/p", "/real/p"])).toBe(inside);
});

test.each([
  ["bin", "lib", "../lib"],
  ["lib", "lib", ""],
  ["", "lib", "lib"],
  ["lib/a/b", "lib/c", "../../c"],
  ["lib/a", "", "../.."],
  ["lib/a", "lib/../x", "../../lib/../x"],
])("from %j to %j: %j", (folder, inside, way) => {
  expect(wayBetween(folder, inside)).toBe(way);
});
