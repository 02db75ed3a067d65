/** What a person reads when tenon.toml is wrong. */
import { expectMistake, type WrongFiles } from "./workspace-folder.ts";
import { test } from "vitest";

const cases: readonly WrongFiles[] = [
  {
    title: "an unknown key of the workspace",
    files: {
      "tenon.toml": ["[workspace]", 'prefx = "x"'],
    },
    code: "RECIPE_UNKNOWN_KEY",
    message: [
      'tenon.toml:2:1: unknown key "prefx" in workspace; expected prefix, recipes, python, store, link, path, env, format, weak-renames or keep; did you mean "prefix"?',
      '    2 | prefx = "x"',
      "      | ^^^^^",
    ],
  },
  {
    title: "a table of the workspace that is none",
    files: {
      "tenon.toml": ["workspace = 3"],
    },
    code: "RECIPE_TYPE",
    message: [
      "tenon.toml:1:13: workspace is a number; expected a table",
      "    1 | workspace = 3",
      "      |             ^",
    ],
  },
  {
    title: "a way to link that there is not",
    files: {
      "tenon.toml": ["[workspace]", 'link = "hardlnk"'],
    },
    code: "RECIPE_VALUE",
    message: [
      'tenon.toml:2:8: workspace.link "hardlnk" is unknown; expected reflink, hardlink or copy; did you mean "hardlink"?',
      '    2 | link = "hardlnk"',
      "      |        ^^^^^^^^^",
    ],
  },
  {
    title: "what becomes of the machine's libraries that there is not",
    files: { "tenon.toml": ["[check]", 'host-libraries = "refused"'] },
    code: "RECIPE_VALUE",
    message: [
      'tenon.toml:2:18: check.host-libraries "refused" is unknown; expected warn, refuse or allow; did you mean "refuse"?',
      '    2 | host-libraries = "refused"',
      "      |                  ^^^^^^^^^",
    ],
  },
  {
    title: "a library by its path",
    files: { "tenon.toml": ["[check]", 'system-libraries = ["/usr/lib/libGL.so.1"]'] },
    code: "RECIPE_VALUE",
    message: [
      'tenon.toml:2:21: item 1 of check.system-libraries, "/usr/lib/libGL.so.1", is not the name of a library; expected a name as programs ask for it, such as "libGL.so.1"',
      '    2 | system-libraries = ["/usr/lib/libGL.so.1"]',
      "      |                     ^^^^^^^^^^^^^^^^^^^^^",
    ],
  },
  {
    title: "an empty prefix",
    files: {
      "tenon.toml": ["[workspace]", 'prefix = ""'],
    },
    code: "RECIPE_VALUE",
    message: [
      "tenon.toml:2:10: workspace.prefix is empty; expected a folder",
      '    2 | prefix = ""',
      "      |          ^^",
    ],
  },
  {
    title: "a folder of recipes that is not there",
    files: {
      "tenon.toml": ["[workspace]", 'recipes = "recipes"'],
    },
    code: "RECIPE_VALUE",
    message: [
      'tenon.toml:2:11: workspace.recipes "recipes" is not a folder; expected the folder with the recipes',
      '    2 | recipes = "recipes"',
      "      |           ^^^^^^^^^",
    ],
  },
  {
    title: "a list of folders with an empty one",
    files: {
      "tenon.toml": ["[workspace]", 'path = ["/bin", ""]'],
    },
    code: "RECIPE_VALUE",
    message: [
      "tenon.toml:2:17: item 2 of workspace.path is empty; expected a folder",
      '    2 | path = ["/bin", ""]',
      "      |                 ^^",
    ],
  },
  {
    title: "a broken tenon.toml",
    files: {
      "tenon.toml": ["[workspace"],
    },
    code: "RECIPE_SYNTAX",
    message: [
      "tenon.toml:1:11: this is not a key; expected KEY = VALUE or [TABLE], each on a line of its own",
      "    1 | [workspace",
      "      |           ^",
    ],
  },
];

test.each(cases)("$title", expectMistake);
