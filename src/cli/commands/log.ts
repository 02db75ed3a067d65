/** The command line of `tenon log`. */
import {
  boolean,
  type FlagsOf,
  packageName,
  runFlag,
  text,
  workspaceAliases,
  workspaceFlags,
} from "../flags.ts";
import type { CommandLine } from "./command-line.ts";

const flags = {
  ...workspaceFlags,
  run: runFlag,
  step: text("Of this step only", "STEP"),
  follow: boolean("Go on printing until its build ends"),
  path: boolean("Print where the logs are"),
} as const;

export type LogFlags = FlagsOf<typeof flags>;

export const log: CommandLine<LogFlags, [string]> = {
  docs: {
    brief: "Print the log of a package's last build",
    examples: [["tenon log -f zlib", "Follow a build that is running"]],
  },
  parameters: {
    flags,
    aliases: { ...workspaceAliases, f: "follow" },
    positional: packageName,
  },
};
