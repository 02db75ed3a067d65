/** The mistakes of all files: collected while reading, sorted, and told in one error. */
import { compareText, TenonError } from "../core/index.ts";
import { codeFrame } from "./code-frame.ts";
import type { Span } from "./positions.ts";

export interface Mistake {
  /** Stable: `RECIPE_TYPE`. */
  readonly code: string;
  /** The file's name as the person sees it, relative to the workspace. */
  readonly file: string;
  readonly text: string;
  /** Found only when the mistake is told, because it costs a second parse. */
  readonly findSpan: () => Span;
  readonly what: string;
  readonly expected: string;
  readonly hint?: string;
}

/** Throws one error of kind `recipe` for all mistakes; its code is that of the first. */
export function throwMistakes(mistakes: readonly Mistake[]): void {
  const found = mistakes
    .map((mistake) => ({ mistake, span: mistake.findSpan() }))
    .sort((a, b) => inOrderOfReading(a, b));
  const first = found[0];
  if (first === undefined) return;
  throw new TenonError({
    kind: "recipe",
    code: first.mistake.code,
    message: found.flatMap(({ mistake, span }) => describe(mistake, span)),
    hints: [...new Set(found.flatMap(({ mistake }) => mistake.hint ?? []))],
  });
}

interface Found {
  readonly mistake: Mistake;
  readonly span: Span;
}

function inOrderOfReading(a: Found, b: Found): number {
  return (
    compareText(a.mistake.file, b.mistake.file) ||
    a.span.line - b.span.line ||
    a.span.column - b.span.column
  );
}

function describe(mistake: Mistake, span: Span): string[] {
  const place = `${mistake.file}:${span.line}:${span.column}`;
  const frame = codeFrame(mistake.text, span);
  const sentence = `${place}: ${mistake.what}; expected ${mistake.expected}`;
  return [sentence, ...frame];
}
