/** Recipes that are deep, long or full of mistakes. */
import { describe, expect, test } from "vitest";
import { TenonError } from "../../src/core/index.ts";
import { readWorkspace } from "../../src/recipe/index.ts";
import { createSimulatedDisk } from "../../src/world/simulated/index.ts";

const head = 'name = "a"\nversion = "1"\n[build]\nsystem = "script"\nscript = ":"\n';

function linesOf(recipe: string): readonly string[] {
  const disk = createSimulatedDisk();
  disk.plant("/w", { "tenon.toml": '[workspace]\nprefix = "p"\n', "packages/a.toml": recipe });
  try {
    readWorkspace(disk, "/w");
  } catch (error) {
    if (error instanceof TenonError) return error.lines;
    throw error;
  }
  throw new Error("the recipe was taken");
}

describe("a recipe that goes many levels deep is refused before anything else is looked at", () => {
  const parts = Array.from({ length: 25_000 }, () => "a").join(".");
  const tooDeep = "packages/a.toml:6:1: this goes too many levels deep";
  test.each([
    ["a dotted key", `${parts} = 1`],
    ["the name of a table", `[${parts}]`],
    ["a key of a table in a line", `x = { ${parts} = 1 }`],
    ["lists", `x = ${"[".repeat(500)}${"]".repeat(500)}`],
  ])("%s", (_what, line) => {
    expect(linesOf(head + line)[0]).toContain(tooDeep);
  });

  test("lists that no parser follows", () => {
    const nested = `x = ${"[".repeat(5000)}${"]".repeat(5000)}`;
    expect(linesOf(head + nested)[0]).toContain("this goes too many levels deep");
  });
});

test("of very many mistakes a person is told the first hundred, and how many there are", () => {
  const keys = Array.from({ length: 20_000 }, (_, index) => `key${index} = ${index}\n`);
  const told = linesOf(`${keys.join("")}${head}`);
  const sentences = told.filter((line) => line.startsWith("packages/a.toml:"));
  expect(sentences).toHaveLength(100);
  expect(sentences[99]).toContain('100:1: unknown key "key99"');
  expect(told.at(-1)).toBe("and 19900 more mistakes");
});

test("of a line without end, a piece around the mistake is shown", () => {
  const [, frame = "", mark = ""] = linesOf(`${head}${" ".repeat(1_000_000)}x = ?`);
  expect(frame).toMatch(/^ {4}6 \| ….*x = \?$/);
  expect(mark.indexOf("^")).toBe(frame.indexOf("?"));
});
