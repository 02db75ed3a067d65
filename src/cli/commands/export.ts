/** The command line of `tenon export`. */
import { boolean, type FlagsOf, packageNames, queryFlags, workspaceAliases } from "../flags.ts";
import type { CommandLine } from "./command-line.ts";

const flags = { ...queryFlags, noHashes: boolean("Write no digests of files") } as const;

export type ExportFlags = FlagsOf<typeof flags>;

export const exportCommand: CommandLine<ExportFlags, string[]> = {
  docs: {
    brief: "Print the Python projects of a workspace as a requirements.txt",
    more: [
      "All projects are printed that are not only built with; or those that are named, with what they need. Digests are those of tenon.lock. A package that no package index has, such as a C library, is left out, and a note says so.",
    ],
    examples: [["tenon export >requirements.txt", "Write them into a file, for pip and uv"]],
  },
  parameters: { flags, aliases: workspaceAliases, positional: packageNames },
};
