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
  docs: {
    brief: "Pin sources that have no digest yet in tenon.lock",
    more: [
      "A source that is pinned is the same wherever and whenever it is fetched. Pins that have become wrong are renewed, and those that nobody needs are dropped.",
    ],
  },
  parameters: { flags, aliases: lockingAliases },
};
