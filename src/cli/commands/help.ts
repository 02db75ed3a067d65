/** The command line of `tenon help`. */
import type { CommandLine } from "./command-line.ts";

const name = { parse: String, brief: "A command's name", placeholder: "COMMAND", optional: true };

export const help: CommandLine<Record<never, never>, [string?]> = {
  docs: { brief: "Tell about tenon, or about one command" },
  parameters: { positional: { kind: "tuple", parameters: [{ ...name, optional: true }] } },
};
