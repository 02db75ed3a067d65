/** One TOML file while it is read: its values, and a way to report what is wrong in it. */
import { isUtf8 } from "node:buffer";
import { parse, TomlError, type TomlTable } from "smol-toml";
import type { Mistake } from "./mistakes.ts";
import { findPositions, type KeyPath, type Positions, type TextSpan } from "./positions.ts";
import { describeSyntaxError, nestsTooDeep } from "./syntax-errors.ts";

export interface Document {
  /** Absolute. */
  readonly file: string;
  readonly shownAs: string;
  readonly text: string;
  /**
   * Adds a mistake, unless its place, or one in `looksAt`, is broken: then it may be no more than
   * a consequence.
   */
  report(finding: Defect): void;
  /** From here on, nothing is said about what is at, above or below this place. */
  markBroken(path: KeyPath): void;
}

interface Defect {
  /** Without the file's kind, which is put in front: `TYPE`. */
  readonly code: string;
  readonly at: KeyPath;
  /** What is marked in the line; the value unless said otherwise. */
  readonly part?: "key" | "value";
  readonly looksAt?: readonly KeyPath[];
  readonly what: string;
  /** A function where it takes long: few of very many mistakes are told. */
  readonly expected: string | (() => string);
  readonly hint?: string;
}

export interface DocumentOptions {
  readonly file: string;
  readonly shownAs: string;
  readonly content: Uint8Array;
  /** The beginning of every code: `RECIPE` or `LOCK`. */
  readonly family: string;
  /** Given with every mistake of this file. */
  readonly hint?: string;
  readonly mistakes: Mistake[];
}

/** The values are undefined when the file is no TOML, which is then reported. */
export interface OpenedDocument {
  readonly document: Document;
  readonly values: TomlTable | undefined;
}

export function openDocument(options: DocumentOptions): OpenedDocument {
  const text = Buffer.from(options.content)
    .toString("utf8")
    .replace(/^\u{FEFF}/u, "");
  const add = addMistakesTo(options, text);
  const document = createDocument(options, text, add);
  if (!isUtf8(options.content)) {
    const span = spanOfDamage(text);
    add("SYNTAX", () => span, { what: "this is not UTF-8", expected: "a text file in UTF-8" });
    return { document, values: undefined };
  }
  try {
    const values = parse(text);
    if (isWithin(values, deepest)) return { document, values };
    const span: TextSpan = { line: deepLineOf(text), column: 1, length: Number.MAX_SAFE_INTEGER };
    add("SYNTAX", () => span, nestsTooDeep);
    return { document, values: undefined };
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const span: TextSpan = { line: error.line, column: error.column, length: 1 };
    add("SYNTAX", () => span, describeSyntaxError(error.message));
    return { document, values: undefined };
  }
}

/** Far more than any file of ours or of others has; a dotted key has as many levels as parts. */
const deepest = 64;

function isWithin(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null || value instanceof Date) return true;
  return levels > 0 && Object.values(value).every((each) => isWithin(each, levels - 1));
}

/** The first line that goes that deep by itself; the first one where none does. */
function deepLineOf(text: string): number {
  const isDeep = (line: string): boolean => line.split(/[.[{]/, deepest + 1).length > deepest;
  return Math.max(0, text.split("\n").findIndex(isDeep)) + 1;
}

type Sentence = Pick<Defect, "what" | "expected" | "hint">;
type AddMistake = (code: string, findSpan: () => TextSpan, sentence: Sentence) => void;

function addMistakesTo(options: DocumentOptions, text: string): AddMistake {
  return (code, findSpan, { what, expected, hint = options.hint }) => {
    const file = options.shownAs;
    const mistake = { code: `${options.family}_${code}`, file, text, findSpan, what, expected };
    options.mistakes.push(hint === undefined ? mistake : { ...mistake, hint });
  };
}

function createDocument(options: DocumentOptions, text: string, add: AddMistake): Document {
  const broken = createBrokenPlaces();
  let positions: Positions | undefined;
  return {
    file: options.file,
    shownAs: options.shownAs,
    text,
    report: (finding) => {
      const places = [finding.at, ...(finding.looksAt ?? [])];
      if (places.some(broken.touch)) return;
      const findSpan = (): TextSpan => {
        positions ??= findPositions(text);
        return positions.find(finding.at, finding.part ?? "value");
      };
      add(finding.code, findSpan, finding);
    },
    markBroken: broken.add,
  };
}

interface BrokenPlaces {
  add(path: KeyPath): void;
  /** Whether it is at, above or below one of them; the whole file does not count. */
  touch(place: KeyPath): boolean;
}

function createBrokenPlaces(): BrokenPlaces {
  const places = new Set<string>();
  const above = new Set<string>();
  const waysTo = (path: KeyPath): string[] =>
    path.map((_name, index) => JSON.stringify(path.slice(0, index + 1)));
  return {
    add: (path) => {
      places.add(JSON.stringify(path));
      for (const way of waysTo(path)) above.add(way);
    },
    touch: (place) =>
      above.has(JSON.stringify(place)) || waysTo(place).some((way) => places.has(way)),
  };
}

function spanOfDamage(text: string): TextSpan {
  const lines = text.slice(0, text.indexOf("\u{FFFD}")).split("\n");
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1, length: 1 };
}
