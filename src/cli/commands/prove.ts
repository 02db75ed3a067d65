/** The command line of `tenon prove`. */
import {
  boolean,
  type FlagsOf,
  isolationFlag,
  jobsFlag,
  offlineFlag,
  packageNames,
  queryFlags,
  workspaceAliases,
} from "../flags.ts";
import type { CommandLine } from "./command-line.ts";

const flags = {
  ...queryFlags,
  again: boolean("Also prove packages whose earlier proof still holds, or has failed"),
  isolation: isolationFlag,
  jobs: jobsFlag,
  offline: offlineFlag,
} as const;

export type ProveFlags = FlagsOf<typeof flags>;

export const prove: CommandLine<ProveFlags, string[]> = {
  docs: {
    brief: "Build packages again at another path, to prove that they work at any prefix",
  },
  parameters: { flags, aliases: { ...workspaceAliases, j: "jobs" }, positional: packageNames },
};
