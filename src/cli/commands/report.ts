/** The command line of `tenon report`. */
import {
  directoryFlag,
  type FlagsOf,
  jsonFlag,
  runFlag,
  sageFlag,
  text,
  trustFlag,
  workspaceAliases,
} from "../flags.ts";
import type { CommandLine } from "./command-line.ts";

const flags = {
  directory: directoryFlag,
  sage: sageFlag,
  trust: trustFlag,
  run: runFlag,
  output: text("Where to write it; into the run's folder when absent", "FILE"),
  trace: text("Write a trace for Perfetto or chrome://tracing instead", "FILE"),
  json: jsonFlag,
} as const;

export type ReportFlags = FlagsOf<typeof flags>;

export const report: CommandLine<ReportFlags> = {
  docs: {
    brief: "Write a page that shows a run: its timeline, graph, failures and slowest builds",
    examples: [["tenon report -o run.html", "Write the page of the last run into a file"]],
  },
  parameters: { flags, aliases: { ...workspaceAliases, o: "output" } },
};
