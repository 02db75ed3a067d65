/** The lines of a log that a person needs to see of a failure. */
import { isBoilerplate, quotesSource } from "./boilerplate.ts";
import type { Explanation } from "./explanation.ts";
import type { LogLine } from "./log-lines.ts";

const linesBefore = 2;
const linesAfter = 4;
const tailLines = 15;

/** The lines around a place, and which of them it is: what is further on follows from it. */
export function linesAround(
  lines: readonly LogLine[],
  at: number,
): Pick<Explanation, "context" | "shownAt"> {
  const before = written(lines.slice(Math.max(0, at - linesBefore), at));
  const after: LogLine[] = [];
  for (const line of lines.slice(at + 1, at + 1 + linesAfter)) {
    if (isBoilerplate(line.text) && !quotesSource(line.text)) break;
    after.push(line);
  }
  return {
    context: [...before, lines[at]?.shown ?? "", ...written(after)],
    shownAt: before.length,
  };
}

export function lastLines(lines: readonly LogLine[]): string[] {
  return written(lines).slice(-tailLines);
}

function written(lines: readonly LogLine[]): string[] {
  return lines.map(({ shown }) => shown).filter((shown) => shown !== "");
}
