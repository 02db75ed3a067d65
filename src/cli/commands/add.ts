/** The command line of `tenon add`, most of which `tenon import` has in common. */
import {
  argumentsOf,
  boolean,
  directoryFlag,
  type FlagsOf,
  jsonFlag,
  many,
  noSyncFlag,
  quietFlag,
  workspaceAliases,
} from "../flags.ts";
import type { CommandLine } from "./command-line.ts";

export const addFlags = {
  directory: directoryFlag,
  fromSource: boolean("Build all from source that is not named with --only-binary"),
  wheels: boolean("Take wheels of all that is not named with --no-binary"),
  noBinary: many("Build this project from source; :all: is all", "NAME"),
  onlyBinary: many("Take a wheel of this project; :all: is all", "NAME"),
  upgrade: boolean(
    "Let recipes change their versions: of what is named, or all that the file needs",
  ),
  noSync: noSyncFlag,
  json: jsonFlag,
  quiet: quietFlag,
} as const;

export const addAliases = { ...workspaceAliases, q: "quiet", U: "upgrade" } as const;

export type AddFlags = FlagsOf<typeof addFlags>;

export const add: CommandLine<AddFlags, string[]> = {
  docs: {
    brief: "Write recipes for projects of the Python package index, and all they need",
    more: [
      "uv or pip chooses the versions. A package that has a recipe keeps its version, unless --upgrade says otherwise.",
    ],
    examples: [["tenon add pypi:requests", "Write recipes for requests and all it needs"]],
  },
  parameters: {
    flags: addFlags,
    aliases: addAliases,
    positional: { ...argumentsOf("A project", "pypi:NAME[==VERSION]"), minimum: 1 },
  },
};
