/** What a word of a dependency line means: packages, through make's variables and functions, or a file. */
import { splitWords } from "./dependency-line.ts";

export interface Meaning {
  readonly packages: readonly string[];
  /** Needed for the check only. */
  readonly check: readonly string[];
  /** Needed where they are installed anyway. */
  readonly optional: readonly string[];
  /** Packages that must be there even where the system has its own. */
  readonly real: readonly string[];
  /** Prerequisites that are no package, as they were written. */
  readonly files: readonly string[];
}

/** Variables that stand for packages; what configure decides may change them. */
export type PackageVariables = Readonly<Record<string, readonly string[]>>;

export const usualVariables: PackageVariables = {
  PYTHON: ["python3"],
  MP_LIBRARY: ["gmp"],
  BLAS: ["openblas"],
  PYTHON_TOOLCHAIN: [
    "setuptools",
    "pip",
    "setuptools_scm",
    "wheel",
    "flit_core",
    "hatchling",
    "python_build",
  ],
  SAGERUNTIME: ["sagelib", "ipython", "pexpect"],
  SCRIPTS: [],
};

export interface Vocabulary {
  readonly variables: PackageVariables;
  readonly isPackage: (name: string) => boolean;
}

export function meaningOf(words: readonly string[], vocabulary: Vocabulary): Meaning {
  const all = { packages: [], check: [], optional: [], real: [], files: [] };
  for (const word of words) addMeaning(all, word, vocabulary);
  return all;
}

type Growing = { [Kind in keyof Meaning]: string[] };

function addMeaning(into: Growing, word: string, vocabulary: Vocabulary): void {
  const { variables, isPackage } = vocabulary;
  const [, variable = ""] = /^\$[({](?:INST\)\/\$\()?([A-Za-z0-9_]+)[)}]$/.exec(word) ?? [];
  const values = Object.hasOwn(variables, variable) ? variables[variable] : undefined;
  const optional =
    /^\$\(findstring +([a-z0-9_]+),/.exec(word)?.[1] ??
    /^\$\(optional_inst_([a-z0-9_]+)\)$/.exec(word)?.[1];
  const condition = /^\$\(and +\$\(filter-out +no,[^,]*SAGE_CHECK[^,]*\)\),(.*)\)$/.exec(word)?.[1];
  const stamp = /SPKG_INST_RELDIR\)\/([a-z0-9_]+)-/.exec(word)?.[1];
  const name = /^\$\(inst_([a-z0-9_]+)\)$/.exec(word)?.[1] ?? word;
  if (values !== undefined) {
    for (const value of values) addMeaning(into, value, vocabulary);
  } else if (optional !== undefined) {
    into.optional.push(optional);
  } else if (condition !== undefined) {
    into.check.push(...meaningOf(splitWords(condition), vocabulary).packages);
  } else if (stamp !== undefined && isPackage(stamp)) {
    into.real.push(stamp);
  } else if (isPackage(name)) {
    into.packages.push(name);
  } else if (variable !== "" && isPackage(variable.toLowerCase())) {
    into.packages.push(variable.toLowerCase()); // $(INST)/$(ZLIB)
  } else {
    into.files.push(word);
  }
}
