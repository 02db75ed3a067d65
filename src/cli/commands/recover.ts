/** The command line of `tenon recover`. */
import { boolean, type FlagsOf, lockingFlags, lockingAliases } from "../flags.ts";
import type { CommandLine } from "./command-line.ts";

const flags = {
  ...lockingFlags,
  takeBack: boolean("Take it back, even where it could be finished"),
} as const;

export type RecoverFlags = FlagsOf<typeof flags>;

export const recover: CommandLine<RecoverFlags> = {
  docs: { brief: "Finish what a dead process left unfinished, or take it back" },
  parameters: { flags, aliases: lockingAliases },
};
