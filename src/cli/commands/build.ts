/** The command line of `tenon build`. */
import { parseSize } from "../flag-values.ts";
import {
  boolean,
  changeAliases,
  changeFlags,
  type FlagsOf,
  isolationFlag,
  jobsFlag,
  linkFlag,
  offlineFlag,
  packageNames,
  sageFlag,
  value,
} from "../flags.ts";
import type { CommandLine } from "./command-line.ts";

const flags = {
  ...changeFlags,
  sage: { ...sageFlag, hidden: false },
  jobs: jobsFlag,
  isolation: isolationFlag,
  failFast: boolean("Stop at the first failure"),
  keepGoing: {
    kind: "enum",
    values: ["build", "join"],
    brief:
      "After a failure, go on with packages that do not need it, as always; =join also joins those that are complete",
    bare: "build",
    optional: true,
  },
  dryRun: boolean("Only print what would be built, and what the prefix would hold then"),
  again: boolean("Bring back what was rolled back"),
  keep: boolean("Keep packages in the prefix that no recipe wants any more"),
  standard: boolean("All standard packages of a SageMath checkout"),
  changed: boolean("Everything that is in the prefix and out of date"),
  check: {
    kind: "enum",
    values: ["require", "warn"],
    brief:
      "Run the checks and join only what passes (=warn: report failed checks and join all the same)",
    optional: true,
    bare: "require",
  },
  memory: value("How much memory the builds may use together, such as 8G", "SIZE", parseSize),
  link: linkFlag,
  offline: offlineFlag,
  local: boolean("Build all here, whatever [execution] of tenon.toml says"),
  noCache: boolean("Build what the shared cache has, too"),
  locked: boolean("Refuse a source without a pin, instead of pinning it"),
  verbose: boolean("Also print where sources come from"),
} as const;

export type BuildFlags = FlagsOf<typeof flags>;

export const build: CommandLine<BuildFlags, string[]> = {
  docs: {
    brief: "Build what is out of date, then change the prefix in one transaction",
    more: [
      "All packages are built when none is named; else these, and what they need. A package is built when something that its result depends on has changed: `tenon why` says what.",
      "A build that fails leaves the prefix unchanged. The packages that were built are kept, and are not built again.",
    ],
    examples: [
      ["tenon build", "Build all that is out of date"],
      ["tenon build -n", "Show what would be built, and how long that takes"],
      ["tenon build -j8 --check zlib", "Build and test one package, with eight jobs in all"],
    ],
  },
  parameters: {
    flags,
    aliases: { ...changeAliases, j: "jobs", v: "verbose" },
    positional: packageNames,
  },
};
