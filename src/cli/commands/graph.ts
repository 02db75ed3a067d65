/** The command line of `tenon graph`. */
import { boolean, type FlagsOf, packageNames, queryFlags, workspaceAliases } from "../flags.ts";
import type { CommandLine } from "./command-line.ts";

const flags = { ...queryFlags, dot: boolean("Print the graph in the DOT language") } as const;

export type GraphFlags = FlagsOf<typeof flags>;

export const graph: CommandLine<GraphFlags, string[]> = {
  docs: {
    brief: "Print which package needs which",
    examples: [["tenon graph --dot | dot -Tsvg >graph.svg", "Draw the graph"]],
  },
  parameters: { flags, aliases: workspaceAliases, positional: packageNames },
};
