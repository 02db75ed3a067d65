/** What a person reads when a value is missing or breaks a rule. */
import { expectMistake, type WrongFiles } from "./workspace-folder.ts";
import { test } from "vitest";

const cases: readonly WrongFiles[] = [
  {
    title: "no name",
    files: {
      "packages/a.toml": ['version = "1.0"', "[build]", 'script = "true"'],
    },
    code: "RECIPE_MISSING_KEY",
    message: [
      'packages/a.toml:1:1: name is missing; expected name = "a"',
      '    1 | version = "1.0"',
      "      | ^",
    ],
  },
  {
    title: "no version",
    files: {
      "packages/a.toml": ['name = "a"', "[build]", 'script = "true"'],
    },
    code: "RECIPE_MISSING_KEY",
    message: [
      'packages/a.toml:1:1: version is missing; expected a version in quotes, such as version = "1.0"',
      '    1 | name = "a"',
      "      | ^",
    ],
  },
  {
    title: "an empty file",
    files: {
      "packages/a.toml": [],
    },
    code: "RECIPE_MISSING_KEY",
    message: [
      'packages/a.toml:1:1: name is missing; expected name = "a"',
      'packages/a.toml:1:1: version is missing; expected a version in quotes, such as version = "1.0"',
      "packages/a.toml:1:1: build.system is missing; expected autotools, cmake, make, meson, python, python-venv, script or wheel; or build.script",
    ],
  },
  {
    title: "a name with capitals",
    files: {
      "packages/A.toml": ['name = "A"', 'version = "1.0"', "[build]", 'script = "true"'],
    },
    code: "RECIPE_VALUE",
    message: [
      "packages/A.toml:1:8: name \"A\" is not the name of a package; expected lower-case letters, digits, '-', '_', '.' and '+', with a letter or digit first, at most 120 in all",
      '    1 | name = "A"',
      "      |        ^^^",
    ],
  },
  {
    title: "a name that is not the file's",
    files: {
      "packages/a.toml": ['name = "b"', 'version = "1.0"', "[build]", 'script = "true"'],
    },
    code: "RECIPE_VALUE",
    message: [
      'packages/a.toml:1:8: name is "b", but the file is named for "a"; expected the same name in both places',
      '    1 | name = "b"',
      "      |        ^^^",
    ],
  },
  {
    title: "a name that is not the folder's",
    files: {
      "packages/a/recipe.toml": ['name = "b"', 'version = "1.0"', "[build]", 'script = "true"'],
    },
    code: "RECIPE_VALUE",
    message: [
      'packages/a/recipe.toml:1:8: name is "b", but the file is named for "a"; expected the same name in both places',
      '    1 | name = "b"',
      "      |        ^^^",
    ],
  },
  {
    title: "a version that is part of a path",
    files: {
      "packages/a.toml": ['name = "a"', 'version = "../1"', "[build]", 'script = "true"'],
    },
    code: "RECIPE_VALUE",
    message: [
      "packages/a.toml:2:11: version \"../1\" cannot be part of a file's name; expected text without blanks and '/', not empty and not beginning with '-'",
      '    2 | version = "../1"',
      "      |           ^^^^^^",
    ],
  },
  {
    title: "an empty version",
    files: {
      "packages/a.toml": ['name = "a"', 'version = ""', "[build]", 'script = "true"'],
    },
    code: "RECIPE_VALUE",
    message: [
      "packages/a.toml:2:11: version \"\" cannot be part of a file's name; expected text without blanks and '/', not empty and not beginning with '-'",
      '    2 | version = ""',
      "      |           ^^",
    ],
  },
  {
    title: "no build system",
    files: {
      "packages/a.toml": ['name = "a"', 'version = "1.0"'],
    },
    code: "RECIPE_MISSING_KEY",
    message: [
      "packages/a.toml:1:1: build.system is missing; expected autotools, cmake, make, meson, python, python-venv, script or wheel; or build.script",
      '    1 | name = "a"',
      "      | ^",
    ],
  },
  {
    title: "an unknown build system",
    files: {
      "packages/a.toml": ['name = "a"', 'version = "1.0"', "[build]", 'system = "autotool"'],
    },
    code: "RECIPE_VALUE",
    message: [
      'packages/a.toml:4:10: build.system "autotool" is unknown; expected autotools, cmake, make, meson, python, python-venv, script or wheel; did you mean "autotools"?',
      '    4 | system = "autotool"',
      "      |          ^^^^^^^^^^",
    ],
  },
  {
    title: "system script without a script",
    files: {
      "packages/a.toml": ['name = "a"', 'version = "1.0"', "[build]", 'system = "script"'],
    },
    code: "RECIPE_MISSING_KEY",
    message: [
      "packages/a.toml:3:1: build.script is missing; expected a shell script in quotes, as build.system is script",
      "    3 | [build]",
      "      | ^^^^^^^",
    ],
  },
  {
    title: "a script with another system",
    files: {
      "packages/a.toml": [
        'name = "a"',
        'version = "1.0"',
        "[source]",
        'path = "."',
        "[build]",
        'system = "make"',
        'script = "make"',
      ],
    },
    code: "RECIPE_VALUE",
    message: [
      "packages/a.toml:7:1: build.script does not go with build.system make; expected one of the two, or the system script",
      '    7 | script = "make"',
      "      | ^^^^^^",
    ],
  },
  {
    title: "make without a source",
    files: {
      "packages/a.toml": ['name = "a"', 'version = "1.0"', "[build]", 'system = "make"'],
    },
    code: "RECIPE_MISSING_KEY",
    message: [
      "packages/a.toml:4:10: build.system make needs a source; expected a table [source]",
      '    4 | system = "make"',
      "      |          ^^^^^^",
    ],
  },
  {
    title: "arguments for a script",
    files: {
      "packages/a.toml": [
        'name = "a"',
        'version = "1.0"',
        "[build]",
        'script = "true"',
        'args = ["x"]',
      ],
    },
    code: "RECIPE_VALUE",
    message: [
      "packages/a.toml:5:1: build.args does not go with build.system script; expected it only with autotools, cmake, make, meson or python",
      '    5 | args = ["x"]',
      "      | ^^^^",
    ],
  },
  {
    title: "a config setting without a value",
    files: {
      "packages/a.toml": [
        'name = "a"',
        'version = "1.0"',
        "[source]",
        'path = "."',
        "[build]",
        'system = "python"',
        'args = ["a=b", "c"]',
      ],
    },
    code: "RECIPE_VALUE",
    message: [
      'packages/a.toml:7:16: item 2 of build.args, "c", is not a config setting; expected KEY=VALUE',
      '    7 | args = ["a=b", "c"]',
      "      |                ^^^",
    ],
  },
  {
    title: "a variable that is none",
    files: {
      "packages/a.toml": [
        'name = "a"',
        'version = "1.0"',
        "[build]",
        'script = "true"',
        "[build.env]",
        '"A-B" = "1"',
      ],
    },
    code: "RECIPE_VALUE",
    message: [
      "packages/a.toml:6:1: build.env sets \"A-B\"; expected the name of a variable: letters, digits and '_', with no digit first",
      '    6 | "A-B" = "1"',
      "      | ^^^^^",
    ],
  },
  {
    title: "a build folder above the source",
    files: {
      "packages/a.toml": [
        'name = "a"',
        'version = "1.0"',
        "[build]",
        'script = "true"',
        'directory = "../x"',
      ],
    },
    code: "RECIPE_VALUE",
    message: [
      "packages/a.toml:5:13: build.directory \"../x\" contains '..'; expected a folder below the source's root, such as build/unix",
      '    5 | directory = "../x"',
      "      |             ^^^^^^",
    ],
  },
  {
    title: "a check without a script",
    files: {
      "packages/a.toml": ['name = "a"', 'version = "1.0"', "[build]", 'script = "true"', "[check]"],
    },
    code: "RECIPE_MISSING_KEY",
    message: [
      'packages/a.toml:5:1: check.script is missing; expected a shell script in quotes, such as script = "make check"',
      "    5 | [check]",
      "      | ^^^^^^^",
    ],
  },
  {
    title: "an absolute path to drop",
    files: {
      "packages/a.toml": [
        'name = "a"',
        'version = "1.0"',
        "[build]",
        'script = "true"',
        "[stage]",
        'drop = ["/usr/share"]',
      ],
    },
    code: "RECIPE_VALUE",
    message: [
      'packages/a.toml:6:9: item 1 of stage.drop, "/usr/share", is absolute; expected a path relative to the prefix',
      '    6 | drop = ["/usr/share"]',
      "      |         ^^^^^^^^^^^^",
    ],
  },
  {
    title: "a path to take over with ..",
    files: {
      "packages/a.toml": [
        'name = "a"',
        'version = "1.0"',
        "[build]",
        'script = "true"',
        "[stage]",
        'takes-over = ["bin/x", "../x"]',
      ],
    },
    code: "RECIPE_VALUE",
    message: [
      "packages/a.toml:6:24: item 2 of stage.takes-over, \"../x\", contains '..'; expected a path relative to the prefix",
      '    6 | takes-over = ["bin/x", "../x"]',
      "      |                        ^^^^^^",
    ],
  },
];

test.each(cases)("$title", expectMistake);
