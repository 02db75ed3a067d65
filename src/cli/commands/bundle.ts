/** The command line of `tenon bundle`. */
import { type FlagsOf, jsonFlag, packageNames, quietFlag, text, workspaceFlags } from "../flags.ts";
import type { CommandLine } from "./command-line.ts";

const flags = {
  directory: workspaceFlags.directory,
  prefix: workspaceFlags.prefix,
  trust: workspaceFlags.trust,
  output: text("The file to write; stack.sh when absent", "FILE"),
  json: jsonFlag,
  quiet: quietFlag,
} as const;

export type BundleFlags = FlagsOf<typeof flags>;

export const bundle: CommandLine<BundleFlags, string[]> = {
  docs: {
    brief: "Make one file of packages that needs no tenon where it is unpacked",
    more: [
      "The file is a shell script: `sh stack.sh --prefix DIR` unpacks all packages of the prefix, or those that are named with what they need at run time, and has them name DIR. It needs a POSIX shell, tar, gzip, and a few programs of coreutils or busybox; no network, no Node.js and no tenon, though `tenon verify --prefix DIR` holds there.",
      "Before it unpacks, it looks whether it is whole, and whether the machine has the architecture, the C library and the other libraries that its programs ask for.",
    ],
    examples: [
      ["tenon bundle -o stack.sh", "Bundle all that the prefix holds"],
      ["tenon bundle pyyaml -o yaml.sh", "Bundle one package, and what it needs"],
    ],
  },
  parameters: {
    flags,
    aliases: { C: "directory", o: "output", q: "quiet" },
    positional: packageNames,
  },
};
