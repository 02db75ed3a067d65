/** What a word of a dependency line means: packages, through make's variables and functions, or a file. */
import { splitWords } from "./dependency-line.ts";
import type { MakeVariables } from "./make-variables.ts";

export interface Meaning {
  readonly packages: readonly string[];
  /** Needed for the check only. */
  readonly check: readonly string[];
  /** Needed where they are installed anyway. */
  readonly optional: readonly string[];
  /** Packages that must be there even where the system has its own. */
  readonly real: readonly string[];
  /** Prerequisites that are not packages, with what their variables stand for. */
  readonly files: readonly string[];
}

/** By convention, a target that is never up to date: make always runs what needs it. */
export const force = "FORCE";

export interface Vocabulary {
  readonly variables: MakeVariables;
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
  const optional =
    /^\$\(findstring +([a-z0-9_]+),/.exec(word)?.[1] ??
    /^\$\(optional_inst_([a-z0-9_]+)\)$/.exec(word)?.[1];
  const condition = /^\$\(and +\$\(filter-out +no,[^,]*SAGE_CHECK[^,]*\)\),(.*)\)$/.exec(word)?.[1];
  const stamp = /SPKG_INST_RELDIR\)\/([a-z0-9_]+)-/.exec(word)?.[1];
  const name = /^\$\(inst_([a-z0-9_]+)\)$/.exec(word)?.[1] ?? word;
  if (optional !== undefined) {
    into.optional.push(optional);
  } else if (condition !== undefined) {
    into.check.push(...meaningOf(splitWords(condition), vocabulary).packages);
  } else if (stamp !== undefined && isPackage(stamp)) {
    into.real.push(stamp);
  } else if (isPackage(name)) {
    into.packages.push(name);
  } else if (variable === "") {
    into.files.push(variables.expand(word));
  } else if (variables.text(variable) === undefined && isPackage(variable.toLowerCase())) {
    into.packages.push(variable.toLowerCase()); // $(INST)/$(ZLIB)
  } else {
    // One step at a time: among what it stands for, there may be words of all kinds.
    const words = splitWords(variables.text(variable) ?? "");
    for (const each of words) addMeaning(into, each, without(variable, vocabulary));
  }
}

/** What stands for itself by a detour would never end. */
function without(variable: string, { variables, isPackage }: Vocabulary): Vocabulary {
  const text = (name: string) => (name === variable ? undefined : variables.text(name));
  return { isPackage, variables: { ...variables, text } };
}
