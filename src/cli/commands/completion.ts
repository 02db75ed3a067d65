/** The command line of `tenon completion`. */
import { type FlagsOf, workspaceAliases, workspaceFlags } from "../flags.ts";
import type { CommandLine } from "./command-line.ts";

/** What a shell's own script asks for names of packages. */
export const namesWord = "packages";
export const completedShells = ["bash", "zsh", "fish"] as const;
export type CompletedShell = (typeof completedShells)[number];

export type CompletionFlags = FlagsOf<typeof workspaceFlags>;

const shell = { parse: String, brief: "bash, zsh or fish", placeholder: "SHELL" } as const;

export const completion: CommandLine<CompletionFlags, [string]> = {
  docs: {
    brief: "Print the script that lets a shell complete command lines",
    examples: [
      ["tenon completion bash >~/.local/share/bash-completion/completions/tenon", "For bash"],
      ["tenon completion zsh >~/.zfunc/_tenon", "For zsh, where ~/.zfunc is in fpath"],
      ["tenon completion fish >~/.config/fish/completions/tenon.fish", "For fish"],
    ],
  },
  parameters: {
    flags: workspaceFlags,
    aliases: workspaceAliases,
    positional: { kind: "tuple", parameters: [shell] },
  },
};
