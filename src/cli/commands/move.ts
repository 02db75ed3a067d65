/** The command line of `tenon move`. */
import { movingFlags, type MovingFlags, treeAliases, twoFolders } from "../flags.ts";
import type { CommandLine } from "./command-line.ts";

export const move: CommandLine<MovingFlags, [string, string]> = {
  docs: { brief: "Move a prefix, with all that is in it, to another path" },
  parameters: {
    flags: movingFlags,
    aliases: treeAliases,
    positional: twoFolders("PREFIX", "NEW"),
  },
};
