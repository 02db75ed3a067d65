/** Says in tenon's words what the TOML parser found wrong. */

interface SyntaxMistake {
  readonly what: string;
  readonly expected: string;
}

/** `message` is the parser's, whose first line gives the reason. */
export function describeSyntaxError(message: string): SyntaxMistake {
  const reason = (message.split("\n", 1)[0] ?? "").replace(/^Invalid TOML document: /, "");
  const known = knownReasons.find(([beginning]) => reason.startsWith(beginning));
  return known === undefined
    ? { what: `this is not TOML: ${reason}`, expected: "good TOML" }
    : { what: known[1], expected: known[2] };
}

const keyShape = "KEY = VALUE or [TABLE], each on a line of its own";
const valueShape = 'a value: "text", true, false, a number, […] or {…}';

export const nestsTooDeep: SyntaxMistake = {
  what: "this goes too many levels deep",
  expected: "keys and lists of a few levels",
};

const knownReasons: readonly (readonly [string, string, string])[] = [
  ["invalid value", "this is not a value", valueShape],
  ["illegal character in key", "this is not a key", keyShape],
  ["unexpected end of key", "there is no key", keyShape],
  ["illegal empty bare key", "there is no key", keyShape],
  ["incomplete key-value", "this is neither a key with a value nor a table", keyShape],
  ["each key-value declaration", "there is more on the line after the value", keyShape],
  ["trying to redefine", "this key is set twice", "each key and each table once"],
  ["control characters are not allowed in strings", "the text does not end on its line", '"'],
  ["document contains excessively nested", nestsTooDeep.what, nestsTooDeep.expected],
  ["unfinished string", "the text does not end", "the same quotes as at its beginning"],
  ["unfinished array", "the list does not end", "]"],
  ["unfinished table", "the table does not end", "}"],
  ["expected comma", "the list or table goes on without a comma or ends too early", ", ] or }"],
  ["unrecognised escape sequence", "this escape is unknown", "\\\\ for a backslash, or 'text'"],
];
