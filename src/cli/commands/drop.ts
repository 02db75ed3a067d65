/** The command line of `tenon drop`. */
import {
  boolean,
  directoryFlag,
  type FlagsOf,
  jsonFlag,
  noSyncFlag,
  packageNames,
} from "../flags.ts";
import type { CommandLine } from "./command-line.ts";

const flags = {
  directory: directoryFlag,
  dryRun: boolean("Only print what would be removed"),
  noSync: noSyncFlag,
  json: jsonFlag,
} as const;

export type DropFlags = FlagsOf<typeof flags>;

export const drop: CommandLine<DropFlags, string[]> = {
  docs: { brief: "Remove recipes that add or import wrote, and those that only they needed" },
  parameters: {
    flags,
    aliases: { C: "directory", n: "dryRun" },
    positional: { ...packageNames, minimum: 1 },
  },
};
