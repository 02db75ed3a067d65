/** Shows one line of a file with a mark below the place that is meant. */
import type { TextSpan } from "./positions.ts";

const widestLine = 100;

/** Two lines; none when the line is blank, so that nothing can be shown. */
export function codeFrame(text: string, span: TextSpan): string[] {
  const line = lineAt(text, span.line);
  if (printable(line).trim() === "") return [];
  const start = Math.min(span.column - 1, line.length);
  const length = Math.max(1, Math.min(span.length, line.length - start));
  const cut = cutToWidth(line, start, length);
  const shown = { ...cut, line: printable(cut.line) };
  const margin = String(span.line).padStart(5);
  const indent = shown.line.slice(0, shown.start).replaceAll(/[^\t]/g, " ");
  return [`${margin} | ${shown.line}`, `      | ${indent}${"^".repeat(shown.length)}`];
}

/** From 1. A file may be one long line, or very many. */
function lineAt(text: string, number: number): string {
  let start = 0;
  for (let line = 1; line < number; line += 1) {
    start = text.indexOf("\n", start) + 1;
    if (start === 0) return "";
  }
  const end = text.indexOf("\n", start);
  return text.slice(start, end < 0 ? undefined : end).replace(/\r$/, "");
}

/** A broken file may hold anything; written out where it is shown, it would move the mark. */
function printable(line: string): string {
  return line.replaceAll(/(?!\t)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (unseen) =>
    "\u{FFFD}".repeat(unseen.length),
  );
}

interface Cut {
  readonly line: string;
  readonly start: number;
  readonly length: number;
}

function cutToWidth(line: string, start: number, length: number): Cut {
  if (line.length <= widestLine) return { line, start, length };
  const from = start + length <= widestLine ? 0 : Math.max(0, start - widestLine / 4);
  const cut = line.slice(from, from + widestLine);
  const head = from > 0 ? "…" : "";
  const tail = from + widestLine < line.length ? "…" : "";
  return {
    line: `${head}${cut}${tail}`,
    start: start - from + head.length,
    length: Math.min(length, from + widestLine - start),
  };
}
