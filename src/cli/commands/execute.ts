/** The command line of `tenon execute`. */
import { parseFolder } from "../flag-values.ts";
import { argument, type FlagsOf, value } from "../flags.ts";
import type { CommandLine } from "./command-line.ts";

const flags = {
  blobs: value(
    "The folder with what the action names; its own `blobs` when absent",
    "DIR",
    parseFolder,
  ),
  results: value("Where the results go; its own `result` when absent", "DIR", parseFolder),
  store: value(
    "Where this machine keeps what it has unpacked; a folder of yours in /var/tmp when absent",
    "DIR",
    parseFolder,
  ),
} as const;

export type ExecuteFlags = FlagsOf<typeof flags>;

export const execute: CommandLine<ExecuteFlags, [string]> = {
  docs: {
    brief: "Build what a tenon on another machine has written down; for machines, not for people",
    more: [
      "`tenon build` has workers run this where tenon.toml has a table [execution]. It exits with 0 once there is a result, whether the package could be built or not.",
    ],
  },
  parameters: { flags, positional: argument("The folder of the action", "ACTION") },
};
