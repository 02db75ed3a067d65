/** The command line of `tenon import`. */
import { argument, type FlagsOf, many } from "../flags.ts";
import { addAliases, addFlags } from "./add.ts";
import type { CommandLine } from "./command-line.ts";

const flags = {
  ...addFlags,
  extra: many("Also what this extra of the locked project needs", "NAME"),
  group: many("Also what this dependency group of the locked project needs", "NAME"),
} as const;

export type ImportFlags = FlagsOf<typeof flags>;

export const importCommand: CommandLine<ImportFlags, [string]> = {
  docs: {
    brief: "Write recipes for a requirements.txt, pylock.toml or uv.lock",
    more: [
      "uv or pip chooses the versions that a requirements.txt leaves open; lock files are taken as they are.",
    ],
    examples: [["tenon import uv.lock", "Write recipes for all that a project of uv has locked"]],
  },
  parameters: { flags, aliases: addAliases, positional: argument("The file", "FILE") },
};
