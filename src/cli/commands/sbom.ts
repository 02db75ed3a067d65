/** The command line of `tenon sbom`. */
import { boolean, type FlagsOf, packageNames, text, workspaceFlags } from "../flags.ts";
import type { CommandLine } from "./command-line.ts";

const flags = {
  directory: workspaceFlags.directory,
  prefix: workspaceFlags.prefix,
  trust: workspaceFlags.trust,
  format: {
    kind: "enum",
    values: ["spdx", "cyclonedx"],
    brief: "SPDX 2.3 or CycloneDX 1.6, both in JSON",
    default: "spdx",
  },
  output: text("Write it into this file, instead of printing it", "FILE"),
  name: text("What the packages are together; the prefix's last name when absent", "NAME"),
  noFiles: boolean("List packages without their files"),
} as const;

export type SbomFlags = FlagsOf<typeof flags>;

export const sbom: CommandLine<SbomFlags, string[]> = {
  docs: {
    brief: "Print a bill of materials (SBOM) of what the prefix holds",
    more: [
      "It lists packages with their versions, sources, licences, files and digests, and which of them needs which: all, or those that are named with what they need at run time. Licences are those that recipes or Python's METADATA state. The same prefix gives the same bytes.",
      "SPDX wants a SHA-1 digest of each file, so every file is read, and one that is not as it is recorded is refused. --no-files reads none.",
    ],
    examples: [
      ["tenon sbom -o stack.spdx.json", "Write one as SPDX"],
      ["tenon sbom --format cyclonedx pyyaml", "Print one of a package and what it needs"],
    ],
  },
  parameters: {
    flags,
    aliases: { C: "directory", o: "output" },
    positional: packageNames,
  },
};
