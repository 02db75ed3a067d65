/** The command line of `tenon verify`. */
import {
  boolean,
  type FlagsOf,
  jsonFlag,
  noSyncFlag,
  packageNames,
  packagesUsage,
  weakRenamesFlag,
  workspaceAliases,
  workspaceFlags,
} from "../flags.ts";
import type { CommandLine } from "./command-line.ts";

const flags = {
  ...workspaceFlags,
  repair: boolean("Put back what differs, from the store or what was displaced"),
  noSync: noSyncFlag,
  weakRenames: weakRenamesFlag,
  json: jsonFlag,
} as const;

export type VerifyFlags = FlagsOf<typeof flags>;

export const verify: CommandLine<VerifyFlags, string[]> = {
  docs: { brief: "Compare the prefix with what was installed", customUsage: packagesUsage },
  parameters: { flags, aliases: workspaceAliases, positional: packageNames },
};
