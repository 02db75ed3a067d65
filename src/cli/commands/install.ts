/** The command line of `tenon install`. */
import {
  argumentsOf,
  boolean,
  changeFlags,
  type FlagsOf,
  linkFlag,
  many,
  text,
  changeAliases,
} from "../flags.ts";
import type { CommandLine } from "./command-line.ts";

const flags = {
  ...changeFlags,
  name: text("The package's name", "NAME"),
  version: text("The package's version", "VERSION"),
  stage: text("The staged tree, shaped like the prefix; it is handed over", "DIR"),
  keepStage: boolean("Copy the staged tree, and leave it where it is"),
  allowSetuid: boolean("Allow files with the setuid or setgid bit, or with capabilities"),
  allowEmpty: boolean("Allow a staged tree without files"),
  replaces: many("A path that it may take over from another package", "PATH"),
  depends: many(
    "An installed package that the staged one needs, so that it is not removed",
    "PACKAGE",
  ),
  adopt: boolean(
    "Take over files that are there and nobody's; what differs is kept as NAME.tenon-save",
  ),
  python: {
    kind: "parsed",
    parse: String,
    brief: "The interpreter of wheels in a prefix that has none",
    placeholder: "PROGRAM",
    default: "python3",
  },
  link: { ...linkFlag, brief: "How files of wheels come from the store into the prefix" },
  compileBytecode: boolean("Make bytecode of the wheels' modules, which Python checks by digest"),
  noDepsCheck: boolean("Do not look whether the wheels' Requires-Python and -Dist are met"),
} as const;

export type InstallFlags = FlagsOf<typeof flags>;

export const install: CommandLine<InstallFlags, string[]> = {
  docs: {
    brief: "Join wheels, or a staged tree of any build system, in one transaction",
    customUsage: ["FILE.whl…", "--name NAME --version VERSION --stage DIR"],
  },
  parameters: {
    flags,
    aliases: changeAliases,
    positional: argumentsOf("A wheel", "FILE.whl"),
  },
};
