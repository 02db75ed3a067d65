/** Reads what a person wants of Python projects: a file of any known format, or requirements as words. */
import { basename, relative } from "node:path";
import { isWanted, parseRequirement } from "../requirements/index.ts";
import { TenonError } from "../core/index.ts";
import type { Disk } from "../world/index.ts";
import { inputKinds, type Mistake, readInput, throwMistakes } from "../recipe/index.ts";
import { readPylock } from "./pylock.ts";
import { readRequirementsFile } from "./requirements-file.ts";
import { readUvLock } from "./uv-lock.ts";
import { emptyWanted, type Requested, type WantedContext, type WantedFile } from "./wanted.ts";

interface ReadWantedOptions extends Omit<WantedContext, "mistakes"> {
  readonly disk: Disk;
  /** From which files are shown; absolute. */
  readonly directory: string;
}

/** Throws one TenonError of kind `recipe` for all that is wrong in the file. */
export function readWantedFile(path: string, options: ReadWantedOptions): Requested {
  const { disk, directory } = options;
  const open = (file: string): WantedFile | undefined => {
    const content = readInput(disk, file, inputKinds.wanted);
    const shownAs = relative(directory, file);
    return content && { file, shownAs: shownAs.startsWith("../..") ? file : shownAs, content };
  };
  const file = open(path);
  if (file === undefined) throw noFile(path);
  const mistakes: Mistake[] = [];
  const context = { ...options, mistakes };
  const wanted = read(file, context, open);
  throwMistakes(mistakes);
  return wanted;
}

/** `NAME`, `NAME==1.0`, `NAME[EXTRA]>=1`, as pip takes them. */
export function readWantedWords(
  words: readonly string[],
  { environment }: Pick<WantedContext, "environment">,
): Requested {
  const requirements = words.flatMap((word) => {
    const requirement = parseRequirement(word);
    if (typeof requirement === "string") throw noRequirement(word, requirement);
    if (requirement.url !== undefined) throw noRequirement(word, "it is an address");
    return isWanted(requirement, environment) ? [requirement] : [];
  });
  return { ...emptyWanted, requirements };
}

function read(
  file: WantedFile,
  context: WantedContext,
  readIncluded: (file: string) => WantedFile | undefined,
): Requested {
  const name = basename(file.file);
  if (name === "uv.lock") return readUvLock(file, context);
  if (/^pylock(\..+)?\.toml$/.test(name)) return readPylock(file, context);
  if (!name.endsWith(".toml") && !name.endsWith(".lock")) {
    return readRequirementsFile(file, { ...context, readIncluded });
  }
  throw new TenonError({
    kind: "usage",
    code: "UNKNOWN_FORMAT",
    message: `${file.file} is not a file that tenon can import`,
    hints: [
      "It takes requirements.txt (any other name without .toml), pylock.toml, pylock.NAME.toml and uv.lock.",
    ],
  });
}

function noFile(path: string): TenonError {
  return new TenonError({
    kind: "usage",
    code: "NO_FILE",
    message: `there is no file ${path}`,
    hints: ["Name a requirements.txt, a pylock.toml or a uv.lock."],
  });
}

function noRequirement(word: string, why: string): TenonError {
  return new TenonError({
    kind: "usage",
    code: "REQUIREMENT",
    message: `${JSON.stringify(word)} is not a requirement: ${why}`,
    hints: ["Write pypi:NAME, pypi:NAME==VERSION, or the same with [EXTRA] after the name."],
  });
}
