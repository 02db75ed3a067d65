/** The mistakes of all files: collected while reading, sorted, and told in one error. */
import { compareText, TenonError } from "../core/index.ts";
import { codeFrame } from "./code-frame.ts";
import type { TextSpan } from "./positions.ts";

export interface Mistake {
  /** Stable: `RECIPE_TYPE`. */
  readonly code: string;
  /** The file's name as the person sees it, relative to the workspace. */
  readonly file: string;
  readonly text: string;
  /** Found only when the mistake is told, because it costs a second parse. */
  readonly findSpan: () => TextSpan;
  readonly what: string;
  /** A function where it takes long: few of very many mistakes are told. */
  readonly expected: string | (() => string);
  readonly hint?: string;
}

/** A person corrects the first ones first; a broken file may have any number. */
const toldMistakes = 100;

/** Throws one error of kind `recipe` for all mistakes; its code is that of the first. */
export function throwMistakes(mistakes: readonly Mistake[]): void {
  const found = mistakes
    .map((mistake) => ({ mistake, span: mistake.findSpan() }))
    .sort((a, b) => inOrderOfReading(a, b));
  const first = found[0];
  if (first === undefined) return;
  const told = found.slice(0, toldMistakes);
  const more = found.length - told.length;
  const lines = told.flatMap(({ mistake, span }) => describe(mistake, span));
  throw new TenonError({
    kind: "recipe",
    code: first.mistake.code,
    message: more === 0 ? lines : [...lines, `and ${more} more mistakes`],
    hints: [...new Set(told.flatMap(({ mistake }) => mistake.hint ?? []))],
  });
}

interface Found {
  readonly mistake: Mistake;
  readonly span: TextSpan;
}

function inOrderOfReading(a: Found, b: Found): number {
  return (
    compareText(a.mistake.file, b.mistake.file) ||
    a.span.line - b.span.line ||
    a.span.column - b.span.column
  );
}

function describe(mistake: Mistake, span: TextSpan): string[] {
  const place = `${mistake.file}:${span.line}:${span.column}`;
  const frame = codeFrame(mistake.text, span);
  const expected = typeof mistake.expected === "string" ? mistake.expected : mistake.expected();
  const sentence = `${place}: ${mistake.what}; expected ${expected}`;
  return [sentence, ...frame];
}
