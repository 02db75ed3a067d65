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
  stage: text("The staged tree, shaped like the prefix; it is moved, not copied", "DIR"),
  keepStage: boolean("Copy the staged tree instead, and leave it where it is"),
  allowSetuid: boolean("Allow files with the setuid or setgid bit, or with capabilities"),
  allowEmpty: boolean("Allow a staged tree without files"),
  replaces: many("A path that the package may take over from another one", "PATH"),
  depends: many(
    "An installed package that this one needs; `remove` then refuses to remove it",
    "PACKAGE",
  ),
  adopt: boolean(
    "Take over files that no package owns; a file that differs is kept as NAME.tenon-save",
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
  noDepsCheck: boolean("Skip the check of the wheels' Requires-Python and Requires-Dist"),
} as const;

export type InstallFlags = FlagsOf<typeof flags>;

export const install: CommandLine<InstallFlags, string[]> = {
  docs: {
    brief: "Install wheels, a bundle, or a staged tree of any build system, in one transaction",
    customUsage: ["FILE.whl…", "FILE.sh", "--name NAME --version VERSION --stage DIR"],
    more: [
      "A staged tree is what `make install DESTDIR=…` leaves, from the prefix's path on. It is handed over: it is gone afterwards, unless --keep-stage says otherwise. An install that is refused or fails changes neither prefix nor stage.",
      "A bundle is a file that `tenon bundle` has made: its packages join with their records, all together.",
      "Wheels are installed as `pip install --no-index --no-deps` does it.",
    ],
    examples: [
      [
        'tenon install --name zlib --version 1.3 --stage "$DESTDIR$PREFIX" --prefix "$PREFIX"',
        "In a makefile, in the place of a copy",
      ],
      [
        "tenon install wheels/*.whl",
        "Install wheels into the workspace's prefix, or the activated one",
      ],
    ],
  },
  parameters: {
    flags,
    aliases: changeAliases,
    positional: argumentsOf("A wheel, or a bundle", "FILE"),
  },
};
