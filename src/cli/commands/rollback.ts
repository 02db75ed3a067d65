/** The command line of `tenon rollback`. */
import { type ChangeFlags, changeFlags, changeAliases } from "../flags.ts";
import type { CommandLine } from "./command-line.ts";

export const rollback: CommandLine<ChangeFlags, [string?]> = {
  docs: {
    brief: "Bring the prefix back to what it was before a transaction",
  },
  parameters: {
    flags: changeFlags,
    aliases: changeAliases,
    positional: {
      kind: "tuple",
      parameters: [
        {
          parse: String,
          brief: "The oldest transaction to undo; the last one when absent",
          placeholder: "ID",
          optional: true,
        },
      ],
    },
  },
};
