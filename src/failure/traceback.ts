/** Python's tracebacks: which exception tells why, and which lines are not to be read one by one. */
import { wrapperExceptions } from "./families/index.ts";
import type { LogLine } from "./log-lines.ts";

export interface Traceback {
  /** Lines from 0: the title, and the exception's own line. */
  readonly from: number;
  readonly at: number;
  /** The exception only wraps a program's failure. */
  readonly isWrapper: boolean;
  /** Another exception was raised because of it, which says more. */
  readonly isSuperseded: boolean;
  /** A program could not be started. */
  readonly isStart: boolean;
}

const title = "Traceback (most recent call last):";
const chains =
  /^(?:The above exception was the direct cause|During handling of the above exception)/;

export function findTracebacks(lines: readonly LogLine[]): Traceback[] {
  const found: Traceback[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    if (!lines[at]?.text.endsWith(title)) continue;
    const traceback = readTraceback(lines, at);
    if (traceback === undefined) continue;
    found.push(traceback);
    at = traceback.at;
  }
  return found.map((traceback, index) => {
    const next = found[index + 1];
    const isSuperseded =
      next !== undefined &&
      !next.isWrapper &&
      lines.slice(traceback.at, next.from).some(({ text }) => chains.test(text));
    return { ...traceback, isSuperseded };
  });
}

/** It ends with the first line that is not further in than its title. */
function readTraceback(lines: readonly LogLine[], from: number): Traceback | undefined {
  const first = lines[from];
  const indent = first === undefined ? 0 : first.shown.indexOf(title);
  for (let at = from + 1; at < lines.length; at += 1) {
    const line = lines[at];
    if (line === undefined || line.text === "" || line.indent > indent) continue;
    if (!/^[A-Za-z_][\w.]*(?::|$)/.test(line.text)) return undefined;
    const isStart = lines.slice(from, at).some(({ text }) => text.includes("in _execute_child"));
    const isWrapper = wrapperExceptions.test(line.text);
    return { from, at, isWrapper, isStart, isSuperseded: false };
  }
  return undefined;
}
