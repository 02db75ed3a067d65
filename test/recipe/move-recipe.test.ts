/** Another version in a recipe's text: what a person has written stays as it is. */
import { expect, test } from "vitest";
import { moveRecipe } from "../../src/recipe/move-recipe.ts";
import type { Recipe } from "../../src/recipe/recipe.ts";

const to: Recipe = {
  name: "web",
  version: "2.0",
  file: "",
  source: { kind: "pypi", project: "web", version: "2.0", distribution: "wheel" },
  patches: [],
  depends: { build: [], run: ["anyio", "idna"] },
  build: { system: "wheel", args: [], env: {} },
  stage: { drop: [], takesOver: [] },
};

const sha256 = "a".repeat(64) as NonNullable<Parameters<typeof moveRecipe>[2]>;

test.each([
  [
    "the version, and what it needs besides",
    `# mine
name = "web"
version = '1.0'   # tested
source.pypi = "web"

[depends]
run = [
  "database", # by hand
  "anyio",    # theirs
]

[build]
system = "wheel"
env = { A = "version" }
`,
    `# mine
name = "web"
version = "2.0"   # tested
source.pypi = "web"

[depends]
run = [
  "database", # by hand
  "anyio", "idna",    # theirs
]

[build]
system = "wheel"
env = { A = "version" }
`,
  ],
  [
    "a list where there is none, a form, and a digest",
    `name = "web"
version = "1.0"
[source]
pypi = "web"
sha256 = "${"b".repeat(64)}"
[build]
system = "python"
`,
    `name = "web"
version = "2.0"
[source]
pypi = "web"
sha256 = "${sha256}"
[build]
system = "wheel"

[depends]
run = ["anyio", "idna"]
`,
  ],
  [
    "a list of another kind in its table",
    'version = "1.0"\n[depends]\nbuild = ["cc"] # mine\n[build]\nsystem = "wheel"\n',
    'version = "2.0"\n[depends]\nbuild = ["cc"] # mine\nrun = ["anyio", "idna"]\n[build]\nsystem = "wheel"\n',
  ],
  [
    "lists in an inline table, and an empty one",
    'version = "1.0"\ndepends = { run = [] }\nbuild = { system = "python" }\n',
    'version = "2.0"\ndepends = { run = ["anyio", "idna"] }\nbuild = { system = "wheel" }\n',
  ],
])("%s", (_title, before, after) => {
  expect(moveRecipe(before, to, sha256)).toBe(after);
});

test.each([
  ["a list that an inline table lacks", 'version = "1.0"\ndepends = { build = [] }\n'],
  ["a list that dotted keys lack", 'version = "1.0"\ndepends.build = []\n'],
  ["no version", 'name = "web"\n'],
])("nothing is changed: %s", (_title, text) => {
  expect(moveRecipe(text, to, sha256)).toBeUndefined();
});
