/** Reads requirements.txt, as pip and uv write and take it. */
import { dirname, isAbsolute, resolve } from "node:path";
import { type Digest, isDigest } from "../../core/index.ts";
import {
  isWanted,
  normalizeProject,
  parseRequirement,
  type Requirement,
} from "../../requirements/index.ts";
import type { Wanted, WantedContext, WantedFile } from "./wanted.ts";

export interface RequirementsOptions extends WantedContext {
  /** Gives a file that is included with `-r` or `-c`; undefined when it is not there. */
  readonly readIncluded: (file: string) => WantedFile | undefined;
}

/** Adds what is wrong to the mistakes. */
export function readRequirementsFile(file: WantedFile, options: RequirementsOptions): Wanted {
  const wanted: Reading = {
    requirements: [],
    constraints: [],
    digests: new Map(),
    noBinary: [],
    onlyBinary: [],
  };
  readInto(wanted, file, { options, into: wanted.requirements, including: [file.file] });
  return wanted;
}

interface Reading {
  readonly requirements: Requirement[];
  readonly constraints: Requirement[];
  readonly digests: Map<string, Set<Digest>>;
  readonly noBinary: string[];
  readonly onlyBinary: string[];
}

interface Place {
  readonly options: RequirementsOptions;
  readonly into: Requirement[];
  /** The files that include one another down to this one. */
  readonly including: readonly string[];
}

interface Line {
  readonly number: number;
  readonly text: string;
}

type Sentence = { readonly what: string; readonly expected: string; readonly hint?: string };

function readInto(reading: Reading, file: WantedFile, place: Place): void {
  const text = Buffer.from(file.content)
    .toString("utf8")
    .replace(/^\u{FEFF}/u, "");
  for (const line of logicalLines(text)) {
    const wrong = readLine(reading, file, place, line.text);
    if (wrong === undefined) continue;
    const { number: lineNumber } = line;
    const length = (text.split(/\r?\n/)[lineNumber - 1] ?? "").length;
    place.options.mistakes.push({
      code: "REQUIREMENTS_LINE",
      file: file.shownAs,
      text,
      findSpan: () => ({ line: lineNumber, column: 1, length }),
      ...wrong,
    });
  }
}

/** Without comments; a line that ends with a backslash goes on in the next. */
function logicalLines(text: string): Line[] {
  const lines: Line[] = [];
  let begun: Line | undefined;
  text.split(/\r?\n/).forEach((raw, index) => {
    const part = raw.replace(/(^|\s)#.*$/, "");
    const goesOn = part.endsWith("\\");
    const piece = goesOn ? part.slice(0, -1) : part;
    const line: Line = { number: begun?.number ?? index + 1, text: `${begun?.text ?? ""}${piece}` };
    begun = goesOn ? line : undefined;
    if (!goesOn && line.text.trim() !== "") lines.push({ ...line, text: line.text.trim() });
  });
  return begun === undefined ? lines : [...lines, begun];
}

function readLine(
  reading: Reading,
  file: WantedFile,
  place: Place,
  line: string,
): Sentence | undefined {
  if (line.startsWith("-")) return readOption(reading, file, place, line);
  const [front = "", ...options] = line.split(/\s+(?=--)/);
  const requirement = parseRequirement(front);
  if (typeof requirement === "string") return notARequirement(front, requirement);
  if (requirement.url !== undefined) return direct(front);
  if (!isWanted(requirement, place.options.environment)) return undefined;
  place.into.push(requirement);
  return readHashes(reading, requirement.name, options);
}

function readHashes(
  reading: Reading,
  name: string,
  options: readonly string[],
): Sentence | undefined {
  for (const option of options) {
    const [, algorithm, digest = ""] = /^--hash[=\s]([a-z0-9_]+):(\S+)$/.exec(option.trim()) ?? [];
    if (algorithm === undefined) {
      return { what: `${JSON.stringify(option)} is not known here`, expected: "--hash=sha256:…" };
    }
    if (algorithm !== "sha256" || !isDigest(digest)) {
      const what = `${JSON.stringify(option)} is no digest that tenon can check`;
      return { what, expected: "--hash=sha256: and 64 lower-case hexadecimal digits" };
    }
    const known = reading.digests.get(name) ?? new Set();
    reading.digests.set(name, known.add(digest));
  }
  return undefined;
}

const ignored = /^--(pre|prefer-binary|require-hashes|use-feature|trusted-host)\b/;
const ofTheIndex = /^(-i|-f|--index-url|--extra-index-url|--no-index|--find-links)\b/;

function readOption(
  reading: Reading,
  file: WantedFile,
  place: Place,
  line: string,
): Sentence | undefined {
  const [, name = "", value = ""] = /^(--?[a-z-]+)(?:[=\s]\s*|(?<=^-[a-z]))?(.*)$/.exec(line) ?? [];
  switch (name) {
    case "-r":
    case "--requirement":
      return include(reading, file, place, value);
    case "-c":
    case "--constraint":
      return include(reading, file, { ...place, into: reading.constraints }, value);
    case "--no-binary":
      reading.noBinary.push(...projectsOf(value));
      return undefined;
    case "--only-binary":
      reading.onlyBinary.push(...projectsOf(value));
      return undefined;
    case "-e":
    case "--editable":
      return direct(line);
  }
  if (ignored.test(line)) return undefined;
  if (!ofTheIndex.test(line)) {
    return { what: `the option ${name} is not known here`, expected: "a requirement" };
  }
  return {
    what: `${name} says where packages come from, which is the machine's business`,
    expected: "no such line",
    hint: "Set the index in pip's configuration (`pip config set global.index-url URL`), which `tenon fetch` uses too.",
  };
}

function include(
  reading: Reading,
  file: WantedFile,
  place: Place,
  name: string,
): Sentence | undefined {
  const target = isAbsolute(name) ? name : resolve(dirname(file.file), name);
  if (place.including.includes(target)) {
    return { what: `${JSON.stringify(name)} includes itself`, expected: "another file" };
  }
  const included = place.options.readIncluded(target);
  if (included === undefined) {
    const expected = "a file, from the folder of this one";
    return { what: `there is no file ${JSON.stringify(name)}`, expected };
  }
  readInto(reading, included, { ...place, including: [...place.including, target] });
  return undefined;
}

export function projectsOf(value: string): string[] {
  return value
    .split(/[\s,]+/)
    .filter(Boolean)
    .map((name) => (name === ":all:" ? name : normalizeProject(name)));
}

function notARequirement(text: string, defect: string): Sentence {
  if (/^\.{0,2}\/|^[a-z+]+:\/\//.test(text)) return direct(text);
  return { what: defect, expected: "a requirement, such as requests==2.32.5" };
}

/** What lies elsewhere than on the index needs a person to say how it is pinned. */
function direct(text: string): Sentence {
  return {
    what: `${JSON.stringify(text)} is not a project on the index`,
    expected: "NAME==VERSION",
    hint: "Write a recipe for it, with source.path, source.git or source.url; the others are imported without this line.",
  };
}
