/** The command line of `tenon shell`. */
import {
  argumentsOf,
  type FlagsOf,
  isolationFlag,
  jobsFlag,
  offlineFlag,
  text,
  workspaceAliases,
  workspaceFlags,
} from "../flags.ts";
import type { CommandLine } from "./command-line.ts";

const flags = {
  ...workspaceFlags,
  step: text("Before this step, instead of the failed or the first one", "STEP"),
  isolation: isolationFlag,
  jobs: jobsFlag,
  offline: offlineFlag,
} as const;

export type ShellFlags = FlagsOf<typeof flags>;

export const shell: CommandLine<ShellFlags, [string, ...string[]]> = {
  docs: {
    brief: "Open a shell where a package is built, as its failed build has left it",
    customUsage: ["PACKAGE [COMMAND…]"],
  },
  parameters: {
    flags,
    aliases: { ...workspaceAliases, j: "jobs" },
    positional: {
      ...argumentsOf("The package, then a command to run instead of a shell", "PACKAGE COMMAND"),
      minimum: 1,
    },
  },
};
