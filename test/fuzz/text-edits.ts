/** Text files that are nearly right: pieces gone, doubled, or replaced by what parsers stumble over. */
import * as fc from "fast-check";
import { TenonError } from "../../src/core/index.ts";
import { isDiskError } from "../../src/world/index.ts";

const oddPieces = fc.oneof(
  fc.constantFrom("(", ")", "[", "]", "{", "}", '"', "'", '"""', "=", ",", ".", "\\", "#", ";"),
  fc.constantFrom(
    "\0",
    "\n",
    "\r",
    "\t",
    "\u{1b}[31m",
    "\u{9b}",
    "\u{202e}",
    "\u{feff}",
    "\u{2028}",
  ),
  fc.constantFrom("__proto__", "constructor", "toString", "../..", "/", "%2f", "%", "${X}", "~"),
  fc.constantFrom("-1", "1e999", "nan", "0x", "99999999999999999999", "true", "1979-05-27", "''"),
  fc.constantFrom("not in", "and", "or", "===", "~=", ">=", "!", "*", "-r x", "--hash=", "@ file:"),
  fc
    .tuple(fc.constantFrom("(", "[", "{a=", "a.", "\\\n", "-", " "), fc.nat(3000))
    .map(([piece, times]) => piece.repeat(times)),
  fc.string({ unit: "binary", maxLength: 12 }),
);

/** A few edits, each at some place. */
export function nearlyText(base: string): fc.Arbitrary<string> {
  const edit = fc.record({
    at: fc.nat(base.length),
    length: fc.oneof(fc.constant(0), fc.nat(12), fc.nat(base.length)),
    put: fc.oneof(oddPieces, fc.constant("")),
    doubles: fc.boolean(),
  });
  return fc.array(edit, { maxLength: 4 }).map((edits) =>
    edits.reduce((text, { at, length, put, doubles }) => {
      const piece = text.slice(at, at + length);
      return text.slice(0, at) + (doubles ? piece + put + piece : put) + text.slice(at + length);
    }, base),
  );
}

/** Its value, or undefined where it was refused in words: anything else is a defect. */
export function valueOrRefusal<Value>(action: () => Value): Value | undefined {
  try {
    return action();
  } catch (error) {
    if (error instanceof TenonError && error.kind !== "internal") return undefined;
    if (isDiskError(error)) return undefined;
    throw error;
  }
}
