/** The command line of `tenon explain`. */
import { directoryFlag, type FlagsOf, jsonFlag, trustFlag, workspaceAliases } from "../flags.ts";
import type { CommandLine } from "./command-line.ts";

const flags = {
  directory: directoryFlag,
  trust: trustFlag,
  json: jsonFlag,
  format: {
    kind: "enum",
    values: ["text", "json", "github"],
    brief: "For a person, for a machine, or as an annotation of GitHub Actions",
    default: "text",
  },
} as const;

export type ExplainFlags = FlagsOf<typeof flags>;

export const explain: CommandLine<ExplainFlags, [string?]> = {
  docs: {
    brief: "Explain from a log why a build failed, whichever program ran it",
    customUsage: ["[LOG|-]"],
  },
  parameters: {
    flags,
    aliases: workspaceAliases,
    positional: {
      kind: "tuple",
      parameters: [
        {
          parse: String,
          brief: "The log; - or none for standard input",
          placeholder: "LOG",
          optional: true,
        },
      ],
    },
  },
};
