/** The command line of `tenon fetch`. */
import { type FlagsOf, lockingAliases, packageNames, queryFlags, quietFlag } from "../flags.ts";
import type { CommandLine } from "./command-line.ts";

const flags = { ...queryFlags, quiet: quietFlag } as const;

export type FetchFlags = FlagsOf<typeof flags>;

export const fetch: CommandLine<FetchFlags, string[]> = {
  docs: { brief: "Download all sources, for an offline build" },
  parameters: { flags, aliases: lockingAliases, positional: packageNames },
};
