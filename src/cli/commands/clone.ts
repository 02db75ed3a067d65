/** The command line of `tenon clone`. */
import { movingFlags, type MovingFlags, treeAliases, twoFolders } from "../flags.ts";
import type { CommandLine } from "./command-line.ts";

export const clone: CommandLine<MovingFlags, [string, string]> = {
  docs: { brief: "Make a prefix with the same packages at another path" },
  parameters: {
    flags: movingFlags,
    aliases: treeAliases,
    positional: twoFolders("PREFIX", "NEW"),
  },
};
