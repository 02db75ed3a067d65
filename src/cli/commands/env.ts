/** The command line of `tenon env`. */
import { type FlagsOf, queryFlags, workspaceAliases } from "../flags.ts";
import type { CommandLine } from "./command-line.ts";

const flags = {
  ...queryFlags,
  shell: {
    kind: "enum",
    values: ["sh", "fish"],
    brief: "The shell whose commands to print: sh is also for bash, zsh, dash and ksh",
    default: "sh",
  },
} as const;

export type EnvFlags = FlagsOf<typeof flags>;

export const env: CommandLine<EnvFlags> = {
  docs: {
    brief: "Print the commands that let a shell use the prefix",
    examples: [
      ['eval "$(tenon env)"', "Let this shell use the prefix"],
      ["tenon env --shell fish | source", "The same in fish"],
      ["tenon env --json", "For programs: what each variable comes to be"],
    ],
  },
  parameters: { flags, aliases: workspaceAliases },
};
