/** The command line of `tenon fetch`. */
import {
  packageNames,
  packagesUsage,
  type QueryFlags,
  queryFlags,
  workspaceAliases,
} from "../flags.ts";
import type { CommandLine } from "./command-line.ts";

export const fetch: CommandLine<QueryFlags, string[]> = {
  docs: { brief: "Bring all sources here, for an offline build", customUsage: packagesUsage },
  parameters: { flags: queryFlags, aliases: workspaceAliases, positional: packageNames },
};
