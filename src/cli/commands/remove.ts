/** The command line of `tenon remove`. */
import {
  boolean,
  type FlagsOf,
  jsonFlag,
  noSyncFlag,
  packageNames,
  weakRenamesFlag,
  workspaceAliases,
  workspaceFlags,
} from "../flags.ts";
import type { CommandLine } from "./command-line.ts";

const flags = {
  ...workspaceFlags,
  force: boolean("Even when other packages need them"),
  noSync: noSyncFlag,
  weakRenames: weakRenamesFlag,
  json: jsonFlag,
} as const;

export type RemoveFlags = FlagsOf<typeof flags>;

export const remove: CommandLine<RemoveFlags, string[]> = {
  docs: { brief: "Remove packages from the prefix in one transaction" },
  parameters: { flags, aliases: workspaceAliases, positional: { ...packageNames, minimum: 1 } },
};
