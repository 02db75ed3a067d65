/** The command line of `tenon files`. */
import { packageName, type QueryFlags, queryFlags, workspaceAliases } from "../flags.ts";
import type { CommandLine } from "./command-line.ts";

export const files: CommandLine<QueryFlags, [string]> = {
  docs: { brief: "List the files of a package in the prefix" },
  parameters: { flags: queryFlags, aliases: workspaceAliases, positional: packageName },
};
