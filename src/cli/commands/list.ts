/** The command line of `tenon list`. */
import { boolean, type FlagsOf, queryFlags, workspaceAliases } from "../flags.ts";
import type { CommandLine } from "./command-line.ts";

const flags = {
  ...queryFlags,
  pinned: boolean("Only those that are bound to this prefix, and what binds them"),
} as const;

export type ListFlags = FlagsOf<typeof flags>;

export const list: CommandLine<ListFlags> = {
  docs: { brief: "List the packages in the prefix" },
  parameters: { flags, aliases: workspaceAliases },
};
