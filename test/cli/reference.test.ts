/** The reference of codes says what the code says. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { referencePage, renderCodes } from "../../scripts/reference.js";
import { environment, exitStatus } from "../../src/cli/program-facts.ts";
import { exitCodes } from "../../src/cli/exit-codes.ts";

test(`${referencePage} is up to date (\`node scripts/reference.js\` writes it)`, () => {
  expect(readFileSync(referencePage, "utf8")).toBe(renderCodes(environment, exitStatus));
});

test("every exit code has its meaning", () => {
  expect(exitStatus.map(([code]) => Number(code))).toEqual(Object.values(exitCodes));
});
