/** Which recipes somebody asked for. */
import { expect, test } from "vitest";
import { isRoot, rootsOf } from "../../src/recipe/roots.ts";
import { errorOf, read } from "./workspace-folder.ts";

function recipe(name: string, wantedBy?: string): string {
  const mark = wantedBy === undefined ? "" : `wanted-by = "${wantedBy}"\n`;
  return `name = "${name}"\nversion = "1"\n${mark}source.pypi = "${name}"\nbuild.system = "wheel"\n`;
}

test("all, where none is said to be there for others", () => {
  const { recipes } = read({
    "packages/a.toml": recipe("a"),
    "packages/b.toml": recipe("b", "add"),
  });
  expect(rootsOf(recipes)).toEqual(["a", "b", "python-venv"]);
});

test("else those that a person has written or named, and nothing that is built in", () => {
  const { recipes } = read({
    "packages/a.toml": recipe("a"),
    "packages/b.toml": recipe("b", "dependents"),
    "packages/c.toml": recipe("c", "requirements.txt"),
  });
  expect(rootsOf(recipes)).toEqual(["a", "c"]);
  expect([...recipes.values()].filter(isRoot).map(({ name }) => name)).toEqual(["a", "c"]);
});

test("a mark that says nothing is a mistake", () => {
  const error = errorOf(() => read({ "packages/a.toml": recipe("a", " ") }));
  expect(error.message).toContain("packages/a.toml:3:13: wanted-by is empty");
});
