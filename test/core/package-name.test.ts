/** Names that recipes may have, and those that are believed when they are read back. */
import { expect, test } from "vitest";
import { hasNameForm, isPackageName } from "../../src/core/index.ts";

test.each([
  ["libgreet-1.0+x", true, true],
  ["_prereq", false, true], // of a companion's tree
  ["x".repeat(121), false, true],
  ["", false, false],
  [".hidden", false, false],
  ["-x", false, false],
  ["a/b", false, false],
  ["Upper", false, false],
])("%s", (name, isOfRecipe, isRead) => {
  expect([isPackageName(name), hasNameForm(name)]).toEqual([isOfRecipe, isRead]);
});
