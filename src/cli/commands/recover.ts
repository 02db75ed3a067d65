/** The command line of `tenon recover`. */
import { boolean, type FlagsOf, lockingFlags, lockingAliases } from "../flags.ts";
import type { CommandLine } from "./command-line.ts";

const flags = {
  ...lockingFlags,
  takeBack: boolean("Take it back, even where it could be finished"),
} as const;

export type RecoverFlags = FlagsOf<typeof flags>;

export const recover: CommandLine<RecoverFlags> = {
  docs: {
    brief: "Finish the transaction of a process that died, or take it back",
    more: [
      "Each command that changes the prefix does this by itself: after a crash or a power cut, nothing has to be done by hand.",
    ],
  },
  parameters: { flags, aliases: lockingAliases },
};
