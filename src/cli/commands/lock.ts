/** The command line of `tenon lock`. */
import {
  type FlagsOf,
  jsonFlag,
  lockingAliases,
  offlineFlag,
  quietFlag,
  workspaceFlags,
} from "../flags.ts";
import type { CommandLine } from "./command-line.ts";

const flags = {
  ...workspaceFlags,
  offline: offlineFlag,
  json: jsonFlag,
  quiet: quietFlag,
} as const;

export type LockFlags = FlagsOf<typeof flags>;

export const lock: CommandLine<LockFlags> = {
  docs: { brief: "Pin sources that have no digest yet in tenon.lock" },
  parameters: { flags, aliases: lockingAliases },
};
