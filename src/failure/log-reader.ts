/**
 * Reads a log of any length, piece by piece, in bounded memory: of a long one only the lines that
 * may tell something stay, with those around them and the numbers that they have in the log.
 */
import { type LogLine, readLines } from "./log-lines.ts";

interface LogReader {
  add(text: string): void;
  /** The lines that were kept: all of a log that is not long. */
  end(): LogLine[];
}

/** So many lines are looked at together; a log of no more is read whole. */
const blockLines = 20_000;
const keptLines = 30_000;
const longestLine = 2_000;
const around = 12;

const telling =
  /error|fail|fatal|fehler|erreur|cannot|can't|could not|couldn't|not found|missing|undefined|no such|denied|killed|traceback|exception|\*\*\*|unable|abort|segmentation|panicked|\bno$|^\s*File "|not ok/i;

export function openLogReader(): LogReader {
  let rest = "";
  let block: string[] = [];
  let before = 0;
  const first: LogLine[] = [];
  let last: LogLine[] = [];
  const close = (isLast: boolean): void => {
    const lines = readLines(block, before + 1);
    const isWhole = isLast && before === 0;
    for (const line of isWhole ? lines : tellingOf(lines)) {
      (first.length < keptLines / 2 ? first : last).push(line);
    }
    last = last.slice(-keptLines / 2);
    before += block.length;
    block = [];
  };
  const addLine = (line: string): void => {
    if (block.length === blockLines) close(false);
    block.push(line.slice(0, longestLine));
  };
  return {
    add: (text) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) addLine(line);
      // A bar of progress that never ends its line, and what is not text.
      if (rest.length > longestLine) rest = lastDrawn(rest);
    },
    end: () => {
      if (rest !== "") addLine(rest);
      close(true);
      return [...first, ...last];
    },
  };
}

function lastDrawn(line: string): string {
  return line.slice(Math.max(line.lastIndexOf("\r"), 0)).slice(0, longestLine);
}

function tellingOf(lines: readonly LogLine[]): LogLine[] {
  const wanted = new Set<number>();
  lines.forEach(({ text }, at) => {
    if (!telling.test(text)) return;
    for (let near = at - around; near <= at + around; near += 1) wanted.add(near);
  });
  return lines.filter((_line, at) => wanted.has(at));
}
