/** What a person reads when a recipe is no TOML. */
import { expectMistake, type WrongFiles } from "./workspace-folder.ts";
import { test } from "vitest";

const cases: readonly WrongFiles[] = [
  {
    title: "a value that is none",
    files: {
      "packages/a.toml": ["name = a", 'version = "1.0"'],
    },
    code: "RECIPE_SYNTAX",
    message: [
      'packages/a.toml:1:8: this is not a value; expected a value: "text", true, false, a number, […] or {…}',
      "    1 | name = a",
      "      |        ^",
    ],
  },
  {
    title: "text without an end",
    files: {
      "packages/a.toml": ['name = "a', 'version = "1.0"'],
    },
    code: "RECIPE_SYNTAX",
    message: [
      'packages/a.toml:1:10: the text does not end on its line; expected "',
      '    1 | name = "a',
      "      |          ^",
    ],
  },
  {
    title: "a key set twice",
    files: {
      "packages/a.toml": ['name = "a"', 'name = "b"'],
    },
    code: "RECIPE_SYNTAX",
    message: [
      "packages/a.toml:2:1: this key is set twice; expected each key and each table once",
      '    2 | name = "b"',
      "      | ^",
    ],
  },
  {
    title: "no key",
    files: {
      "packages/a.toml": ['name = "a"', "= 3"],
    },
    code: "RECIPE_SYNTAX",
    message: [
      "packages/a.toml:2:1: there is no key; expected KEY = VALUE or [TABLE], each on a line of its own",
      "    2 | = 3",
      "      | ^",
    ],
  },
  {
    title: "two values on a line",
    files: {
      "packages/a.toml": ['name = "a" version = "1"'],
    },
    code: "RECIPE_SYNTAX",
    message: [
      "packages/a.toml:1:12: there is more on the line after the value; expected KEY = VALUE or [TABLE], each on a line of its own",
      '    1 | name = "a" version = "1"',
      "      |            ^",
    ],
  },
  {
    title: "a word alone",
    files: {
      "packages/a.toml": ["recipe"],
    },
    code: "RECIPE_SYNTAX",
    message: [
      "packages/a.toml:1:7: this is not a key; expected KEY = VALUE or [TABLE], each on a line of its own",
      "    1 | recipe",
      "      |       ^",
    ],
  },
  {
    title: "a list without an end",
    files: {
      "packages/a.toml": ['name = "a"', 'version = "1.0"', "[depends]", 'run = ["b"'],
    },
    code: "RECIPE_SYNTAX",
    message: [
      "packages/a.toml:5:1: the list or table goes on without a comma or ends too early; expected , ] or }",
    ],
  },
  {
    title: "an unknown escape",
    files: {
      "packages/a.toml": ['name = "a"', 'version = "1.0"', "[build]", 'script = "\\d"'],
    },
    code: "RECIPE_SYNTAX",
    message: [
      "packages/a.toml:4:12: this escape is unknown; expected \\\\ for a backslash, or 'text'",
      '    4 | script = "\\d"',
      "      |            ^",
    ],
  },
];

test.each(cases)("$title", expectMistake);
