/** The command line of `tenon gc`. */
import { parseKeep, parseSize } from "../flag-values.ts";
import { boolean, type FlagsOf, lockingAliases, lockingFlags, value } from "../flags.ts";
import type { CommandLine } from "./command-line.ts";

const flags = {
  ...lockingFlags,
  store: boolean("Clean the store instead: remove what no prefix and no workspace uses"),
  keep: value(
    "Leave what the last N transactions displaced; of the store, what was used in that time (14d)",
    "N|TIME",
    parseKeep,
  ),
  maxSize: value(
    "Of the store, remove what was used longest ago until it takes no more than that (10G)",
    "SIZE",
    parseSize,
  ),
  dryRun: boolean("With --store: only print what would be removed"),
} as const;

export type GcFlags = FlagsOf<typeof flags>;

export const gc: CommandLine<GcFlags> = {
  docs: { brief: "Remove what transactions displaced, which `rollback` needs; or clean the store" },
  parameters: { flags, aliases: { ...lockingAliases, n: "dryRun" } },
};
