/** The command line of `tenon key`. */
import { parseCount } from "../flag-values.ts";
import { argumentsOf, type FlagsOf, jsonFlag, value } from "../flags.ts";
import type { CommandLine } from "./command-line.ts";

const flags = {
  days: value("How long a new key counts; 365 when absent", "N", parseCount),
  json: jsonFlag,
} as const;

export type KeyFlags = FlagsOf<typeof flags>;

export const key: CommandLine<KeyFlags, string[]> = {
  docs: {
    brief: "List your keys for a shared cache, or make one",
    more: [
      "`tenon key` prints the public half of each of your keys, as the line that belongs into cache.keys of tenon.toml. `tenon key new NAME` makes one; its secret half is in ~/.config/tenon/keys, where only you can read it.",
    ],
    examples: [
      ["tenon key new ci-2027", "Make a key"],
      ["tenon key", "Print the lines for tenon.toml"],
    ],
  },
  parameters: {
    flags,
    aliases: {},
    positional: argumentsOf("`new`, and the key's name", "new NAME"),
  },
};
