/** The command line of `tenon remove`. */
import { boolean, changeAliases, changeFlags, type FlagsOf, packageNames } from "../flags.ts";
import type { CommandLine } from "./command-line.ts";

const flags = {
  ...changeFlags,
  force: boolean("Even when other packages need them"),
} as const;

export type RemoveFlags = FlagsOf<typeof flags>;

export const remove: CommandLine<RemoveFlags, string[]> = {
  docs: {
    brief: "Remove packages from the prefix in one transaction",
    more: [
      "A package that others need is only removed with --force. A file that was edited is kept as NAME.tenon-save.",
    ],
  },
  parameters: { flags, aliases: changeAliases, positional: { ...packageNames, minimum: 1 } },
};
