/** Text that fits into a terminal's columns: wide characters and emoji take two of them. */
import measure from "fast-string-truncated-width";
import type { Style } from "./style.ts";

/** A piece of a line, and how it is painted. */
export interface Piece {
  readonly text: string;
  readonly paint?: keyof Style;
}

/** One line of at most so many columns; what does not fit ends in `…`. */
export function fitLine(pieces: readonly Piece[], columns: number, style: Style): string {
  let room = columns;
  let line = "";
  for (const { text, paint } of pieces) {
    const fitting = cut(text, room);
    room -= widthOf(fitting);
    if (fitting !== "") line += paint === undefined ? fitting : style[paint](fitting);
    if (fitting !== text) break;
  }
  return line;
}

export function widthOf(text: string): number {
  return isAscii(text) ? text.length : measure(text).width;
}

export function cut(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  if (columns < 1) return "";
  const { index } = measure(text, { limit: columns, ellipsis: "…", ellipsisWidth: 1 });
  return `${text.slice(0, index)}…`;
}

export function pad(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - widthOf(text)));
}

function isAscii(text: string): boolean {
  return /^[\u0020-\u007E]*$/.test(text);
}

/** The text in lines of at most so many columns, broken between words; a longer word has its own line. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && widthOf(line) + 1 + widthOf(word) > columns) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
