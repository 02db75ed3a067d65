/** The command line of `tenon verify`. */
import { boolean, changeAliases, changeFlags, type FlagsOf, packageNames } from "../flags.ts";
import type { CommandLine } from "./command-line.ts";

const flags = {
  ...changeFlags,
  repair: boolean("Put back what differs, from the store or what was displaced"),
} as const;

export type VerifyFlags = FlagsOf<typeof flags>;

export const verify: CommandLine<VerifyFlags, string[]> = {
  docs: {
    brief: "Compare the prefix with what was installed",
    more: [
      "Content, type, mode and target of each file are compared. Files that no package owns, and bytecode that is out of date, are listed; they do not count as differences.",
    ],
    examples: [
      ["tenon verify --repair", "Put right what differs; edited files are kept as NAME.tenon-save"],
    ],
  },
  parameters: { flags, aliases: changeAliases, positional: packageNames },
};
