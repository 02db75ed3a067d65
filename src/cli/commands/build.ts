/** The command line of `tenon build`. */
import { parseSize } from "../flag-values.ts";
import {
  boolean,
  type FlagsOf,
  isolationFlag,
  jobsFlag,
  jsonFlag,
  linkFlag,
  noSyncFlag,
  offlineFlag,
  packageNames,
  packagesUsage,
  value,
  weakRenamesFlag,
  workspaceAliases,
  workspaceFlags,
} from "../flags.ts";
import type { CommandLine } from "./command-line.ts";

const flags = {
  ...workspaceFlags,
  jobs: jobsFlag,
  isolation: isolationFlag,
  failFast: boolean("Stop at the first failure"),
  dryRun: boolean("Only print what would be built"),
  standard: boolean("All standard packages of a SageMath checkout"),
  changed: boolean("Everything that is in the prefix and out of date"),
  check: {
    kind: "enum",
    values: ["require", "warn"],
    brief: "Join nothing whose check has not passed; or with =warn, only tell failing checks",
    optional: true,
  },
  memory: value("How much memory the builds may use together, such as 8G", "SIZE", parseSize),
  link: linkFlag,
  offline: offlineFlag,
  noSync: noSyncFlag,
  weakRenames: weakRenamesFlag,
  json: jsonFlag,
  verbose: boolean("Also print where sources come from"),
} as const;

export type BuildFlags = FlagsOf<typeof flags>;

export const build: CommandLine<BuildFlags, string[]> = {
  docs: {
    brief: "Build what is out of date, then change the prefix in one transaction",
    customUsage: packagesUsage,
  },
  parameters: {
    flags,
    aliases: { ...workspaceAliases, j: "jobs", n: "dryRun", v: "verbose" },
    positional: packageNames,
  },
};
