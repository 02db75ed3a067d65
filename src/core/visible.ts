/** Text as it may be shown: what a terminal would obey, or nobody would see, is written out. */

/**
 * Controls (C0 without the tab, DEL, C1), what turns the direction of writing, what has no width,
 * ends of lines that are none in a file, halves of characters, and fillers that look like nothing.
 */
const unseen = /(?!\t)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u115F\u1160\u3164\uFFA0]/gu;

/** One line: `\x1b` for an escape, `\n` for an end of line, `\u202e` for what is no ASCII. */
export function visible(text: string): string {
  return text.replace(unseen, spell);
}

/** Text of ours, with paint, that may hold an end of line from outside: it must not look like a line of ours. */
export function oneLine(text: string): string {
  return text.replaceAll("\n", "\\n");
}

/** Like `visible`, for text of several lines, which stay. */
export function visibleLines(text: string): string {
  return text.replace(unseen, (character) => (character === "\n" ? character : spell(character)));
}

/** For JSON, where the same characters are named in its own way, and nothing changes for a reader. */
export function visibleJson(json: string): string {
  return json.replace(unseen, (character) =>
    character
      .split("")
      .map((unit) => `\\u${hex(unit.charCodeAt(0), 4)}`)
      .join(""),
  );
}

const short: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r" };

function spell(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code > 0xffff) return `\\u{${hex(code, 5)}}`;
  return short[character] ?? (code < 0x80 ? `\\x${hex(code, 2)}` : `\\u${hex(code, 4)}`);
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, "0");
}
