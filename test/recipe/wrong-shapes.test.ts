/** What a person reads when a key is unknown or its type is wrong. */
import { expectMistake, type WrongFiles } from "./workspace-folder.ts";
import { test } from "vitest";

const cases: readonly WrongFiles[] = [
  {
    title: "an unknown key with a near one",
    files: {
      "packages/a.toml": ['name = "a"', 'verison = "1.0"', "[build]", 'script = "true"'],
    },
    code: "RECIPE_UNKNOWN_KEY",
    message: [
      'packages/a.toml:2:1: unknown key "verison"; expected name, version, wanted-by, license, homepage, source, depends, build, check, run or stage; did you mean "version"?',
      '    2 | verison = "1.0"',
      "      | ^^^^^^^",
    ],
  },
  {
    title: "an unknown key with none near",
    files: {
      "packages/a.toml": [
        'name = "a"',
        'version = "1.0"',
        'colour = "red"',
        "[build]",
        'script = "true"',
      ],
    },
    code: "RECIPE_UNKNOWN_KEY",
    message: [
      'packages/a.toml:3:1: unknown key "colour"; expected name, version, wanted-by, license, homepage, source, depends, build, check, run or stage',
      '    3 | colour = "red"',
      "      | ^^^^^^",
    ],
  },
  {
    title: "an unknown key in a table",
    files: {
      "packages/a.toml": [
        'name = "a"',
        'version = "1.0"',
        "[depends]",
        'biuld = ["a"]',
        "[build]",
        'script = "true"',
      ],
    },
    code: "RECIPE_UNKNOWN_KEY",
    message: [
      'packages/a.toml:4:1: unknown key "biuld" in depends; expected build or run; did you mean "build"?',
      '    4 | biuld = ["a"]',
      "      | ^^^^^",
    ],
  },
  {
    title: "an unknown table",
    files: {
      "packages/a.toml": [
        'name = "a"',
        'version = "1.0"',
        "[build]",
        'script = "true"',
        "[tests]",
        'script = "true"',
      ],
    },
    code: "RECIPE_UNKNOWN_KEY",
    message: [
      'packages/a.toml:5:1: unknown key "tests"; expected name, version, wanted-by, license, homepage, source, depends, build, check, run or stage',
      "    5 | [tests]",
      "      | ^^^^^^^",
    ],
  },
  {
    title: "several unknown keys",
    files: {
      "packages/a.toml": [
        'name = "a"',
        'version = "1.0"',
        "[build]",
        'script = "true"',
        "environ = {}",
        "arg = []",
      ],
    },
    code: "RECIPE_UNKNOWN_KEY",
    message: [
      'packages/a.toml:5:1: unknown key "environ" in build; expected system, script, args, env, directory or relocatable',
      "    5 | environ = {}",
      "      | ^^^^^^^",
      'packages/a.toml:6:1: unknown key "arg" in build; expected system, script, args, env, directory or relocatable; did you mean "args"?',
      "    6 | arg = []",
      "      | ^^^",
    ],
  },
  {
    title: "an inherited name as a key",
    files: {
      "packages/a.toml": [
        'name = "a"',
        'version = "1.0"',
        "[build]",
        'script = "true"',
        "toString = 1",
      ],
    },
    code: "RECIPE_UNKNOWN_KEY",
    message: [
      'packages/a.toml:5:1: unknown key "toString" in build; expected system, script, args, env, directory or relocatable',
      "    5 | toString = 1",
      "      | ^^^^^^^^",
    ],
  },
  {
    title: "a version without quotes",
    files: {
      "packages/a.toml": ['name = "a"', "version = 1.0", "[build]", 'script = "true"'],
    },
    code: "RECIPE_TYPE",
    message: [
      "packages/a.toml:2:11: version is a number; expected text in quotes",
      "    2 | version = 1.0",
      "      |           ^^^",
    ],
  },
  {
    title: "a date for a version",
    files: {
      "packages/a.toml": ['name = "a"', "version = 2024-01-01", "[build]", 'script = "true"'],
    },
    code: "RECIPE_TYPE",
    message: [
      "packages/a.toml:2:11: version is a date; expected text in quotes",
      "    2 | version = 2024-01-01",
      "      |           ^^^^^^^^^^",
    ],
  },
  {
    title: "text for a list",
    files: {
      "packages/a.toml": [
        'name = "a"',
        'version = "1.0"',
        "[depends]",
        'run = "b"',
        "[build]",
        'script = "true"',
      ],
    },
    code: "RECIPE_TYPE",
    message: [
      "packages/a.toml:4:7: depends.run is text; expected a list in brackets",
      '    4 | run = "b"',
      "      |       ^^^",
    ],
  },
  {
    title: "a number in a list",
    files: {
      "packages/a.toml": [
        'name = "a"',
        'version = "1.0"',
        "[build]",
        'system = "script"',
        'script = "true"',
        "[stage]",
        'drop = ["x", 3]',
      ],
    },
    code: "RECIPE_TYPE",
    message: [
      "packages/a.toml:7:14: item 2 of stage.drop is a number; expected text in quotes",
      '    7 | drop = ["x", 3]',
      "      |              ^",
    ],
  },
  {
    title: "text for a table",
    files: {
      "packages/a.toml": ['name = "a"', 'version = "1.0"', 'build = "make"'],
    },
    code: "RECIPE_TYPE",
    message: [
      "packages/a.toml:3:9: build is text; expected a table",
      '    3 | build = "make"',
      "      |         ^^^^^^",
    ],
  },
  {
    title: "a date for a table",
    files: {
      "packages/a.toml": [
        'name = "a"',
        'version = "1.0"',
        "source = 2024-01-01",
        "[build]",
        'script = "true"',
      ],
    },
    code: "RECIPE_TYPE",
    message: [
      "packages/a.toml:3:10: source is a date; expected a table",
      "    3 | source = 2024-01-01",
      "      |          ^^^^^^^^^^",
    ],
  },
  {
    title: "a list of tables for a table",
    files: {
      "packages/a.toml": [
        'name = "a"',
        'version = "1.0"',
        "[[source]]",
        'url = "x"',
        "[build]",
        'script = "true"',
      ],
    },
    code: "RECIPE_TYPE",
    message: [
      "packages/a.toml:3:1: source is a list; expected a table",
      "    3 | [[source]]",
      "      | ^^^^^^^^^^",
    ],
  },
  {
    title: "text for true or false",
    files: {
      "packages/a.toml": [
        'name = "a"',
        'version = "1.0"',
        "[source]",
        'pypi = "a"',
        'wheel = "yes"',
        "[build]",
        'script = "true"',
      ],
    },
    code: "RECIPE_TYPE",
    message: [
      "packages/a.toml:5:9: source.wheel is text; expected true or false",
      '    5 | wheel = "yes"',
      "      |         ^^^^^",
    ],
  },
  {
    title: "a number for a variable",
    files: {
      "packages/a.toml": [
        'name = "a"',
        'version = "1.0"',
        "[build]",
        'script = "true"',
        "env = { JOBS = 4 }",
      ],
    },
    code: "RECIPE_TYPE",
    message: [
      "packages/a.toml:5:16: build.env.JOBS is a number; expected text in quotes",
      "    5 | env = { JOBS = 4 }",
      "      |                ^",
    ],
  },
  {
    title: "a NUL character",
    files: {
      "packages/a.toml": ['name = "a"', 'version = "1.0"', "[build]", 'script = "a\\u0000b"'],
    },
    code: "RECIPE_VALUE",
    message: [
      "packages/a.toml:4:10: build.script contains a NUL character; expected text without it",
      '    4 | script = "a\\u0000b"',
      "      |          ^^^^^^^^^^",
    ],
  },
];

test.each(cases)("$title", expectMistake);
