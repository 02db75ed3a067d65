/** Words as a POSIX shell reads them, and as fish does. */
import { visible } from "./visible.ts";

/** In single quotes, whatever is in it. */
export function quoteForShell(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** A word of a command line, in quotes only where it needs them. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : quoteForShell(text);
}

/** In fish's single quotes, a backslash and a quote are written with a backslash. */
export function quoteForFish(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}

/**
 * A word for a person to type or to copy from a terminal: what a terminal would obey, or nobody would see, is
 * spelt in a way that every shell reads back. (An end of line at its very end is lost: no shell keeps that.)
 */
export function typedWord(text: string): string {
  if (visible(text) === text) return shellWord(text);
  const spelt = [...text].map((character) =>
    visible(character) === character ? (inFormat[character] ?? character) : octalBytes(character),
  );
  return `"$(printf -- '${spelt.join("")}')"`;
}

/** What `printf` would read as something else, and the quote around its format. */
const inFormat: Readonly<Record<string, string>> = { "%": "%%", "\\": "\\\\", "'": "\\047" };

function octalBytes(character: string): string {
  return [...Buffer.from(character)]
    .map((byte) => `\\${byte.toString(8).padStart(3, "0")}`)
    .join("");
}
