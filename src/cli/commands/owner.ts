/** The command line of `tenon owner`. */
import { argument, type QueryFlags, queryFlags, workspaceAliases } from "../flags.ts";
import type { CommandLine } from "./command-line.ts";

export const owner: CommandLine<QueryFlags, [string]> = {
  docs: {
    brief: "Show which package owns a path of the prefix",
    examples: [["tenon owner prefix/lib/libz.so", "Show which package brought a file"]],
  },
  parameters: {
    flags: queryFlags,
    aliases: workspaceAliases,
    positional: argument("A path, from here or from the prefix", "PATH"),
  },
};
