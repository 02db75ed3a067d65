/** The command line of `tenon help`. */
import type { CommandLine } from "./command-line.ts";

const name = { parse: String, brief: "A command's name", placeholder: "COMMAND", optional: true };

export const help: CommandLine<Record<never, never>, [string?]> = {
  docs: { brief: "Show help for tenon, or for one command" },
  parameters: { positional: { kind: "tuple", parameters: [{ ...name, optional: true }] } },
};
