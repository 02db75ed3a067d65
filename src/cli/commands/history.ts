/** The command line of `tenon history`. */
import { type QueryFlags, queryFlags, workspaceAliases } from "../flags.ts";
import type { CommandLine } from "./command-line.ts";

export const history: CommandLine<QueryFlags> = {
  docs: { brief: "List the transactions that the prefix has seen" },
  parameters: { flags: queryFlags, aliases: workspaceAliases },
};
