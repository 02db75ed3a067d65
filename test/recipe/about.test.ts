/** Licence, homepage and variables of a recipe: what is read, and what is refused. */
import { describe, expect, test } from "vitest";
import { isAbout } from "../../src/core/index.ts";
import { isLicenseExpression } from "../../src/recipe/read-about.ts";
import { expectMistake, read, recipe, type WrongFiles } from "./workspace-folder.ts";

describe("an SPDX expression", () => {
  test.each([
    "MIT",
    "GPL-2.0-or-later",
    "GPL-2.0+",
    "MIT OR Apache-2.0",
    "(MIT OR Apache-2.0) AND BSD-3-Clause",
    "GPL-3.0-only WITH GCC-exception-3.1",
    "((MIT))",
    "LicenseRef-ours AND DocumentRef-x:LicenseRef-y",
  ])("%s", (text) => expect(isLicenseExpression(text)).toBe(true));

  test.each(["", "GPL v2", "MIT or Apache-2.0", "MIT AND", "(MIT", "MIT)", "AND", "MIT/BSD", "()"])(
    "not %s",
    (text) => expect(isLicenseExpression(text)).toBe(false),
  );
});

test("a list of licences is one expression: all of them apply", () => {
  const about = (text: string) =>
    read({ "packages/a.toml": recipe("a", `${text}[build]\nscript = "true"\n`) }).recipes.get("a")
      ?.about;
  expect(about('license = ["MIT", "GPL-2.0-only OR BSD-2-Clause"]\n')).toEqual({
    license: "MIT AND (GPL-2.0-only OR BSD-2-Clause)",
  });
  expect(about('license = "MIT OR BSD-2-Clause"\nhomepage = "https://a.org/b"\n')).toEqual({
    license: "MIT OR BSD-2-Clause",
    homepage: "https://a.org/b",
  });
  expect(about("")).toBeUndefined();
});

test("what a record may hold", () => {
  expect(isAbout({ license: "MIT", homepage: "https://a.org", env: { A: "${PREFIX}" } })).toBe(
    true,
  );
  for (const wrong of [null, [], { license: 1 }, { env: { "A B": "x" } }, { env: { A: "x\ny" } }]) {
    expect(isAbout(wrong)).toBe(false);
  }
});

const build = ["[build]", 'script = "true"'];
const wrong: readonly WrongFiles[] = [
  {
    title: "a licence in other words",
    files: {
      "packages/a.toml": ['name = "a"', 'version = "1"', 'license = ["MIT", "GPL v2"]', ...build],
    },
    code: "RECIPE_VALUE",
    message: [
      'packages/a.toml:3:19: item 2 of license, "GPL v2", is not a licence in SPDX\'s words; expected an SPDX expression, such as "MIT" or "MIT OR Apache-2.0", or a list of them',
      '    3 | license = ["MIT", "GPL v2"]',
      "      |                   ^^^^^^^^",
    ],
  },
  {
    title: "a licence of another type",
    files: { "packages/a.toml": ['name = "a"', 'version = "1"', "license = true", ...build] },
    code: "RECIPE_TYPE",
    message: [
      "packages/a.toml:3:11: license is true; expected text in quotes, or a list of it in brackets",
      "    3 | license = true",
      "      |           ^^^^",
    ],
  },
  {
    title: "a homepage that is not one",
    files: { "packages/a.toml": ['name = "a"', 'version = "1"', 'homepage = "a.org"', ...build] },
    code: "RECIPE_VALUE",
    message: [
      'packages/a.toml:3:12: homepage "a.org" is not the address of a page; expected https://… or http://…',
      '    3 | homepage = "a.org"',
      "      |            ^^^^^^^",
    ],
  },
  {
    title: "a variable in terms of another one",
    files: {
      "packages/a.toml": [
        'name = "a"',
        'version = "1"',
        ...build,
        "[run]",
        'env = { A = "${HOME}/a" }',
      ],
    },
    code: "RECIPE_VALUE",
    message: [
      "packages/a.toml:6:13: run.env.A names ${HOME}; expected ${PREFIX}, or :${A} at its end for what it was before",
      '    6 | env = { A = "${HOME}/a" }',
      "      |             ^^^^^^^^^^^",
    ],
  },
];

test.each(wrong)("$title", expectMistake);
