/** The command line of `tenon owner`. */
import { argument, type QueryFlags, queryFlags, workspaceAliases } from "../flags.ts";
import type { CommandLine } from "./command-line.ts";

export const owner: CommandLine<QueryFlags, [string]> = {
  docs: { brief: "Say which package owns a path of the prefix" },
  parameters: {
    flags: queryFlags,
    aliases: workspaceAliases,
    positional: argument("A path, from here or from the prefix", "PATH"),
  },
};
