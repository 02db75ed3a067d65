/** The command line of `tenon relocate`. */
import { treeAliases, type TransplantFlags, treeFlags, twoFolders } from "../flags.ts";
import type { CommandLine } from "./command-line.ts";

export const relocate: CommandLine<TransplantFlags, [string, string]> = {
  docs: { brief: "Have a tree that something else has built name another path" },
  parameters: {
    flags: treeFlags,
    aliases: treeAliases,
    positional: twoFolders("FROM", "TO"),
  },
};
