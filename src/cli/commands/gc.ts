/** The command line of `tenon gc`. */
import { parseKeep, parseSize } from "../flag-values.ts";
import { boolean, changeAliases, type FlagsOf, lockingFlags, value } from "../flags.ts";
import type { CommandLine } from "./command-line.ts";

const flags = {
  ...lockingFlags,
  store: boolean("Clean the store instead: remove what no prefix and no workspace uses"),
  keep: value(
    "Keep what the last N transactions displaced; with --store, what was used within a time such as 14d",
    "N|TIME",
    parseKeep,
  ),
  maxSize: value(
    "With --store: also remove what was used longest ago, until the store is no larger than SIZE, such as 10G",
    "SIZE",
    parseSize,
  ),
  dryRun: boolean("With --store: only print what would be removed"),
} as const;

export type GcFlags = FlagsOf<typeof flags>;

export const gc: CommandLine<GcFlags> = {
  docs: { brief: "Remove old versions that are kept for `rollback`, or clean the store" },
  parameters: { flags, aliases: changeAliases },
};
