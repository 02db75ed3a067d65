/** The command line of `tenon why`. */
import {
  type FlagsOf,
  isolationFlag,
  packageNames,
  queryFlags,
  workspaceAliases,
} from "../flags.ts";
import type { CommandLine } from "./command-line.ts";

const flags = { ...queryFlags, isolation: isolationFlag } as const;

export type WhyFlags = FlagsOf<typeof flags>;

export const why: CommandLine<WhyFlags, string[]> = {
  docs: {
    brief: "Show why a package will be built again",
    examples: [["tenon why zlib", "Show why zlib will be built again"]],
  },
  parameters: { flags, aliases: workspaceAliases, positional: packageNames },
};
