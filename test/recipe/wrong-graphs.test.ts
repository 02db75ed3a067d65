/** What a person reads when recipes do not fit together. */
import { expectMistake, type WrongFiles } from "./workspace-folder.ts";
import { test } from "vitest";

const cases: readonly WrongFiles[] = [
  {
    title: "a dependency on itself",
    files: {
      "packages/a.toml": [
        'name = "a"',
        'version = "1.0"',
        "[depends]",
        'run = ["a"]',
        "[build]",
        'script = "true"',
      ],
    },
    code: "RECIPE_CYCLE",
    message: [
      'packages/a.toml:4:8: "a" depends on itself: a → a; expected other packages only',
      '    4 | run = ["a"]',
      "      |        ^^^",
    ],
  },
  {
    title: "a dependency listed twice",
    files: {
      "packages/a.toml": [
        'name = "a"',
        'version = "1.0"',
        "[depends]",
        'run = ["b", "b"]',
        "[build]",
        'script = "true"',
      ],
      "packages/b.toml": ['name = "b"', 'version = "1"', "[build]", 'script = "true"'],
    },
    code: "RECIPE_VALUE",
    message: [
      'packages/a.toml:4:13: "b" is listed twice in depends.run; expected each package once',
      '    4 | run = ["b", "b"]',
      "      |             ^^^",
    ],
  },
  {
    title: "an unknown dependency with a near one",
    files: {
      "packages/a.toml": [
        'name = "a"',
        'version = "1.0"',
        "[depends]",
        'build = ["libgret"]',
        "[build]",
        'script = "true"',
      ],
      "packages/libgreet.toml": [
        'name = "libgreet"',
        'version = "1"',
        "[build]",
        'script = "true"',
      ],
    },
    code: "RECIPE_UNKNOWN_DEPENDENCY",
    message: [
      'packages/a.toml:4:10: there is no recipe "libgret"; expected a package of this workspace; did you mean "libgreet"?',
      '    4 | build = ["libgret"]',
      "      |          ^^^^^^^^^",
    ],
  },
  {
    title: "an unknown dependency with none near",
    files: {
      "packages/a.toml": [
        'name = "a"',
        'version = "1.0"',
        "[depends]",
        'run = ["zlib"]',
        "[build]",
        'script = "true"',
      ],
    },
    code: "RECIPE_UNKNOWN_DEPENDENCY",
    message: [
      'packages/a.toml:4:8: there is no recipe "zlib"; expected a package of this workspace',
      '    4 | run = ["zlib"]',
      "      |        ^^^^^^",
    ],
  },
  {
    title: "a package described twice",
    files: {
      "packages/a.toml": ['name = "a"', 'version = "1.0"', "[build]", 'script = "true"'],
      "packages/a/recipe.toml": ['name = "a"', 'version = "1.0"', "[build]", 'script = "true"'],
    },
    code: "RECIPE_DUPLICATE_NAME",
    message: [
      'packages/a.toml:1:8: "a" is described twice, here and in packages/a/recipe.toml; expected one of the two files',
      '    1 | name = "a"',
      "      |        ^^^",
    ],
  },
  {
    title: "a circle of three",
    files: {
      "packages/a.toml": [
        'name = "a"',
        'version = "1.0"',
        "[depends]",
        'build = ["b"]',
        "[build]",
        'script = "true"',
      ],
      "packages/b.toml": [
        'name = "b"',
        'version = "1"',
        "[depends]",
        'run = ["c"]',
        "[build]",
        'script = "true"',
      ],
      "packages/c.toml": [
        'name = "c"',
        'version = "1"',
        "[depends]",
        'run = ["a"]',
        "[build]",
        'script = "true"',
      ],
    },
    code: "RECIPE_CYCLE",
    message: [
      "packages/a.toml:4:10: dependency cycle a → b → c → a; expected no way from a package back to itself",
      '    4 | build = ["b"]',
      "      |          ^^^",
    ],
  },
  {
    title: "a circle through python-venv",
    files: {
      "packages/python-venv.toml": [
        'name = "python-venv"',
        'version = "1"',
        "[depends]",
        'build = ["a"]',
        "[build]",
        'script = "true"',
      ],
      "packages/a.toml": [
        'name = "a"',
        'version = "1.0"',
        "[source]",
        'path = "."',
        "[build]",
        'system = "python"',
      ],
    },
    code: "RECIPE_CYCLE",
    message: [
      "packages/a.toml:6:10: dependency cycle a → python-venv → a; expected no way from a package back to itself",
      '    6 | system = "python"',
      "      |          ^^^^^^^^",
    ],
    hints: ["Every package of the systems python and wheel depends on python-venv."],
  },
];

test.each(cases)("$title", expectMistake);
