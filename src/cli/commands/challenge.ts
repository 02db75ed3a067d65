/** The command line of `tenon challenge`. */
import { type FlagsOf, packageNames, queryFlags, workspaceAliases } from "../flags.ts";
import type { CommandLine } from "./command-line.ts";

const flags = queryFlags;

export type ChallengeFlags = FlagsOf<typeof flags>;

export const challenge: CommandLine<ChallengeFlags, string[]> = {
  docs: {
    brief: "Compare what different builders of a shared cache made of the same",
    more: [
      "All keys of tenon.toml are asked, and what was built on this machine counts, too. Where two builders differ, each file is named, with the first byte that differs.",
    ],
  },
  parameters: { flags, aliases: workspaceAliases, positional: packageNames },
};
