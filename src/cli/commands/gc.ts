/** The command line of `tenon gc`. */
import { parseCount } from "../flag-values.ts";
import { type FlagsOf, lockingFlags, lockingAliases } from "../flags.ts";
import type { CommandLine } from "./command-line.ts";

const flags = {
  ...lockingFlags,
  keep: {
    kind: "parsed",
    parse: parseCount,
    brief: "Leave what the last N transactions displaced",
    placeholder: "N",
    default: "0",
  },
} as const;

export type GcFlags = FlagsOf<typeof flags>;

export const gc: CommandLine<GcFlags> = {
  docs: { brief: "Remove what transactions displaced, which `rollback` needs" },
  parameters: { flags, aliases: lockingAliases },
};
