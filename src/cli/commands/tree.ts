/** The command line of `tenon tree`. */
import { parseCount } from "../flag-values.ts";
import {
  boolean,
  type FlagsOf,
  packageNames,
  queryFlags,
  value,
  workspaceAliases,
} from "../flags.ts";
import type { CommandLine } from "./command-line.ts";

const flags = {
  ...queryFlags,
  invert: boolean("Show which packages need a package, instead of what it needs"),
  depth: value("Show at most this many levels", "N", parseCount),
} as const;

export type TreeFlags = FlagsOf<typeof flags>;

export const tree: CommandLine<TreeFlags, string[]> = {
  docs: {
    brief: "Show what each package needs, as a tree",
    more: [
      "Trees begin with the packages that no other needs, or with those that are named. A package that is needed for building only is marked. python-venv, which all Python packages need, is only shown with --invert.",
    ],
    examples: [
      ["tenon tree --invert zlib", "Show what needs zlib, and what needs that"],
      ["tenon tree --depth 1", "Show what is needed directly"],
    ],
  },
  parameters: {
    flags,
    aliases: { ...workspaceAliases, i: "invert" },
    positional: packageNames,
  },
};
