/** The command line of `tenon init`. */
import { directoryFlag, type FlagsOf, jsonFlag, lockingAliases, quietFlag } from "../flags.ts";
import type { CommandLine } from "./command-line.ts";

const flags = { directory: directoryFlag, json: jsonFlag, quiet: quietFlag } as const;

export type InitFlags = FlagsOf<typeof flags>;

const folder = {
  parse: String,
  brief: "The folder; this one when absent",
  placeholder: "DIR",
} as const;

export const init: CommandLine<InitFlags, [string?]> = {
  docs: {
    brief: "Make a workspace, with a first recipe that builds",
    examples: [
      ["tenon init stack && tenon build -C stack", "Make one in a new folder, and build it"],
    ],
  },
  parameters: {
    flags,
    aliases: lockingAliases,
    positional: { kind: "tuple", parameters: [{ ...folder, optional: true }] },
  },
};
