/** The command line of `tenon bundle`. */
import {
  boolean,
  type FlagsOf,
  jsonFlag,
  packageNames,
  quietFlag,
  text,
  value,
  workspaceFlags,
} from "../flags.ts";
import { parseFolder } from "../flag-values.ts";
import type { CommandLine } from "./command-line.ts";

const flags = {
  directory: workspaceFlags.directory,
  prefix: workspaceFlags.prefix,
  sage: value("Bundle this SageMath checkout, with all that was built in it", "DIR", parseFolder),
  trust: workspaceFlags.trust,
  output: text("The file to write, or the folder for --sage; stack.sh or . when absent", "PLACE"),
  format: {
    kind: "enum",
    values: ["sh", "tar.zst", "tar.bz2"],
    brief: "Of a checkout: the archive, tar.zst when absent",
    optional: true,
  },
  set: {
    kind: "enum",
    values: ["whole", "runtime"],
    brief:
      "Of a checkout: all with which one can go on building, or what is needed to work with it",
    default: "whole",
  },
  release: text("Check out, build and bundle a checkout as this file says", "FILE"),
  noTrial: boolean("Do not unpack and start a checkout's archive at two other paths"),
  key: text("Sign a checkout's archive with the key of this name alone", "NAME"),
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
      "With --sage it makes an archive of a whole SageMath checkout, sage-VERSION-Linux-ARCH.tar.zst, with the program relocate-once.py, which `./sage` runs at the first start. It is unpacked and started at two other paths before it gets its name, and signed with your keys.",
    ],
    examples: [
      ["tenon bundle -o stack.sh", "Bundle all that the prefix holds"],
      ["tenon bundle pyyaml -o yaml.sh", "Bundle one package, and what it needs"],
      ["tenon bundle --sage sage -o dist", "Bundle a SageMath checkout"],
    ],
  },
  parameters: {
    flags,
    aliases: { C: "directory", o: "output", q: "quiet" },
    positional: packageNames,
  },
};
