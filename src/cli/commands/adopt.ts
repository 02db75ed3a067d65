/** The command line of `tenon adopt`. */
import {
  argumentsOf,
  boolean,
  changeAliases,
  changeFlags,
  type FlagsOf,
  many,
  text,
  value,
} from "../flags.ts";
import { parseFolder } from "../flag-values.ts";
import type { CommandLine } from "./command-line.ts";

const flags = {
  ...changeFlags,
  name: text("The package's name", "NAME"),
  version: text("The package's version", "VERSION"),
  manifest: text("A list of its files, one a line, such as CMake's install_manifest.txt", "FILE"),
  depends: many(
    "An installed package that this one needs; `remove` then refuses to remove it",
    "PACKAGE",
  ),
  allowSetuid: boolean("Allow files with the setuid or setgid bit, or with capabilities"),
  python: boolean("Instead: distributions that pip, uv or others have installed, all or by name"),
  colcon: value(
    "Instead: all packages of a colcon workspace, by its build folder",
    "DIR",
    parseFolder,
  ),
} as const;

export type AdoptFlags = FlagsOf<typeof flags>;

export const adopt: CommandLine<AdoptFlags, string[]> = {
  docs: {
    brief: "Make packages of files that others have put into the prefix",
    customUsage: ["--name N --version V <PATH>...", "--python [<PROJECT>...]", "--colcon BUILD"],
  },
  parameters: {
    flags,
    aliases: changeAliases,
    positional: argumentsOf("A file or folder in the prefix, or a Python project", "PATH"),
  },
};
