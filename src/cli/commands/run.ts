/** The command line of `tenon run`. */
import { argumentsOf, type FlagsOf, workspaceAliases, workspaceFlags } from "../flags.ts";
import type { CommandLine } from "./command-line.ts";

export type RunFlags = FlagsOf<typeof workspaceFlags>;

export const run: CommandLine<RunFlags, string[]> = {
  docs: {
    brief: "Run a command, or a shell, with the programs of the prefix",
  },
  parameters: {
    flags: workspaceFlags,
    aliases: workspaceAliases,
    positional: argumentsOf("The command and its own options; a shell when absent", "COMMAND"),
  },
};
