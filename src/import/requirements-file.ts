/** Reads requirements.txt, as pip and uv write and take it. */
import { dirname, isAbsolute, resolve } from "node:path";
import { type Digest, isDigest, withoutCredentials } from "../core/index.ts";
import {
  isWanted,
  normalizeProject,
  parseRequirement,
  type Requirement,
} from "../requirements/index.ts";
import { decodeText } from "./decode-text.ts";
import { emptyWanted, type Requested, type WantedContext, type WantedFile } from "./wanted.ts";

interface RequirementsOptions extends WantedContext {
  /** Gives a file that is included with `-r` or `-c`; undefined when it is not there. */
  readonly readIncluded: (file: string) => WantedFile | undefined;
}

/** Adds what is wrong to the mistakes. */
export function readRequirementsFile(file: WantedFile, options: RequirementsOptions): Requested {
  const reading: Reading = {
    requirements: [],
    constraints: [],
    digests: new Map(),
    noBinary: [],
    onlyBinary: [],
    allowsPreviews: false,
    requiresHashes: false,
    included: new Set(),
  };
  const place = { options, into: reading.requirements, including: [file.file] };
  readInto(reading, file, place);
  if (reading.requiresHashes) reportUnhashed(reading, file, place);
  const { requiresHashes: _asked, included: _seen, ...wanted } = reading;
  return { ...emptyWanted, ...wanted };
}

interface Reading {
  readonly requirements: Requirement[];
  readonly constraints: Requirement[];
  readonly digests: Map<string, Set<Digest>>;
  readonly noBinary: string[];
  readonly onlyBinary: string[];
  allowsPreviews: boolean;
  requiresHashes: boolean;
  /** Files, and for what they were read: the same again would say nothing new. */
  readonly included: Set<string>;
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
  const decoded = decodeText(file.content);
  if (decoded.kind === "unreadable") {
    const expected = "UTF-8, or a comment `# coding: NAME` in the first line that says what it is";
    report(file, place, { line: decoded.line, text: "" }, { what: decoded.what, expected });
    return;
  }
  const text = withoutCredentials(decoded.text);
  for (const { number: line, text: written } of logicalLines(decoded.text)) {
    const { unset, text: meant } = expandVariables(written, place.options.variables);
    const wrong =
      unset === undefined ? readLine(reading, file, place, meant) : notSet(unset, written);
    if (wrong !== undefined) report(file, place, { line, text }, wrong);
  }
}

function report(
  file: WantedFile,
  place: Place,
  { line, text }: { line: number; text: string },
  wrong: Sentence,
): void {
  place.options.mistakes.push({
    code: "REQUIREMENTS_LINE",
    file: file.shownAs,
    text,
    findSpan: () => ({ line, column: 1, length: Number.MAX_SAFE_INTEGER }),
    ...wrong,
    what: withoutCredentials(wrong.what),
  });
}

function reportUnhashed(reading: Reading, file: WantedFile, place: Place): void {
  const { requirements, digests } = reading;
  const names = requirements.map(({ name }) => name).filter((name) => !digests.has(name));
  if (names.length === 0) return;
  const what = `--require-hashes is set, and there is no hash for ${names.join(", ")}`;
  report(
    file,
    place,
    { line: 1, text: "" },
    { what, expected: "--hash=sha256:… for each of them" },
  );
}

/** `${NAME}` in upper case, as pip expands it. What is not set is named instead. */
function expandVariables(
  text: string,
  variables: Readonly<Record<string, string>>,
): { text: string; unset?: string } {
  let unset: string | undefined;
  const expanded = text.replace(/\$\{([A-Z0-9_]+)\}/g, (whole, name: string) => {
    const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
    if (value === undefined) unset ??= name;
    return value ?? whole;
  });
  return { text: expanded, ...(unset === undefined ? {} : { unset }) };
}

function notSet(name: string, line: string): Sentence {
  return {
    what: `the variable ${name}, which ${JSON.stringify(line)} names, is not set`,
    expected: "a variable of the environment",
    hint: `Run the command again with ${name}=VALUE before it.`,
  };
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
  const [begin = "", ...options] = line.split(/\s(?=--)/);
  const front = begin.trimEnd();
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
      const what = `${JSON.stringify(option)} is not a digest that tenon can check`;
      return { what, expected: "--hash=sha256: and 64 lower-case hexadecimal digits" };
    }
    const known = reading.digests.get(name) ?? new Set();
    reading.digests.set(name, known.add(digest));
  }
  return undefined;
}

const ignored = /^--(prefer-binary|use-feature|trusted-host)\b/;
const ofTheIndex = /^(-i|-f|--index-url|--extra-index-url|--no-index|--find-links)\b/;

function readOption(
  reading: Reading,
  file: WantedFile,
  place: Place,
  line: string,
): Sentence | undefined {
  const [, name = "", value = ""] =
    /^(--?[a-z-]+)(?:[=\s]\s*|(?<=^-[a-z]))?(.*)$/s.exec(line) ?? [];
  switch (name) {
    case "-r":
    case "--requirement":
      return include(reading, file, place, value);
    case "-c":
    case "--constraint":
      return include(reading, file, { ...place, into: reading.constraints }, value);
    case "--no-binary":
      for (const project of projectsOf(value)) reading.noBinary.push(project);
      return undefined;
    case "--only-binary":
      for (const project of projectsOf(value)) reading.onlyBinary.push(project);
      return undefined;
    case "--require-hashes":
      reading.requiresHashes = true;
      return undefined;
    case "--pre":
      reading.allowsPreviews = true;
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

/** Files that include one another. */
const deepest = 50;

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
  if (place.including.length > deepest) {
    return { what: `${JSON.stringify(name)} is included too deep`, expected: "fewer levels" };
  }
  const label = `${place.into === reading.constraints ? "-c" : "-r"} ${target}`;
  if (reading.included.has(label)) return undefined;
  reading.included.add(label);
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
