/** The command line of `tenon doctor`. */
import { type QueryFlags, queryFlags, workspaceAliases } from "../flags.ts";
import type { CommandLine } from "./command-line.ts";

export const doctor: CommandLine<QueryFlags> = {
  docs: { brief: "Check what this machine allows builds to do, and say what it means" },
  parameters: { flags: queryFlags, aliases: workspaceAliases },
};
