/** The command line of `tenon rollback`. */
import {
  type FlagsOf,
  jsonFlag,
  noSyncFlag,
  noWaitFlag,
  weakRenamesFlag,
  workspaceAliases,
  workspaceFlags,
} from "../flags.ts";
import type { CommandLine } from "./command-line.ts";

const flags = {
  ...workspaceFlags,
  noWait: noWaitFlag,
  noSync: noSyncFlag,
  weakRenames: weakRenamesFlag,
  json: jsonFlag,
} as const;

export type RollbackFlags = FlagsOf<typeof flags>;

export const rollback: CommandLine<RollbackFlags, [string?]> = {
  docs: {
    brief: "Bring the prefix back to what it was before a transaction",
    customUsage: ["[<ID>]"],
  },
  parameters: {
    flags,
    aliases: workspaceAliases,
    positional: {
      kind: "tuple",
      parameters: [
        {
          parse: String,
          brief: "The oldest transaction to undo; the last one when absent",
          placeholder: "ID",
          optional: true,
        },
      ],
    },
  },
};
