/** The command line of `tenon list`. */
import { type QueryFlags, queryFlags, workspaceAliases } from "../flags.ts";
import type { CommandLine } from "./command-line.ts";

export const list: CommandLine<QueryFlags> = {
  docs: { brief: "List the packages in the prefix" },
  parameters: { flags: queryFlags, aliases: workspaceAliases },
};
