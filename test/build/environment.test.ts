/** Expanding variables in a recipe's settings. */
import { expect, test } from "vitest";
import { expand } from "../../src/build/environment.ts";

test("known names are replaced, all else stays", () => {
  const variables = { PREFIX: "/p q", PATH: "/bin" };
  expect(expand("${PREFIX}/x:${PATH}", variables)).toBe("/p q/x:/bin");
  expect(expand("$PREFIX ${OTHER} ${} $$ ${toString}", variables)).toBe(
    "$PREFIX ${OTHER} ${} $$ ${toString}",
  );
});

test("what a value says is not expanded again", () => {
  expect(expand("${A}", { A: "${B}", B: "x" })).toBe("${B}");
});
