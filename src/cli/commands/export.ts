/** The command line of `tenon export`. */
import {
  boolean,
  type FlagsOf,
  packageNames,
  queryFlags,
  text,
  workspaceAliases,
} from "../flags.ts";
import type { CommandLine } from "./command-line.ts";

const flags = {
  ...queryFlags,
  format: {
    kind: "enum",
    values: ["requirements.txt", "pylock.toml"],
    brief: "A list for pip and uv, or a lock file (PEP 751); what FILE is called when absent",
    optional: true,
  },
  output: text("Write it into this file, instead of printing it", "FILE"),
  noHashes: boolean("Write no digests of files into a requirements.txt"),
} as const;

export type ExportFlags = FlagsOf<typeof flags>;

export const exportCommand: CommandLine<ExportFlags, string[]> = {
  docs: {
    brief: "Print the Python projects of a workspace as a requirements.txt or a pylock.toml",
    more: [
      "All projects are printed that are not only built with; or those that are named, with what they need. Digests are those of tenon.lock. A package that no package index has, such as a C library, is left out, and a note says so.",
      "A pylock.toml also has the address of each file, for which the package index is asked, and it is for the workspace's interpreter and this kind of machine.",
    ],
    examples: [
      ["tenon export -o requirements.txt", "Write them into a file, for pip and uv"],
      ["tenon export -o pylock.toml", "Write a lock file with addresses"],
    ],
  },
  parameters: { flags, aliases: { ...workspaceAliases, o: "output" }, positional: packageNames },
};
