/** The command line of `tenon run`. */
import { argumentsOf, type FlagsOf, workspaceAliases, workspaceFlags } from "../flags.ts";
import type { CommandLine } from "./command-line.ts";

export type RunFlags = FlagsOf<typeof workspaceFlags>;

export const run: CommandLine<RunFlags, string[]> = {
  docs: {
    brief: "Run a command, or a shell, with the programs of the prefix",
    more: [
      "PATH, MANPATH, PKG_CONFIG_PATH and CMAKE_PREFIX_PATH begin with the prefix's folders, and what packages ask for in their recipes is set. All that follows the command's name is the command's own, options included. The exit code is the command's.",
    ],
    examples: [
      [
        "tenon run python -m http.server",
        "Run a program of the prefix, or any other with the prefix",
      ],
      ["tenon run", "Open a shell that has the prefix"],
    ],
  },
  parameters: {
    flags: workspaceFlags,
    aliases: workspaceAliases,
    positional: argumentsOf("The command and its own options; a shell when absent", "COMMAND"),
  },
};
