/** The text of a requirements file, in whichever encoding it says that it is: as pip reads it. */
import { isUtf8 } from "node:buffer";

/** A byte order mark, longest first, and what it says. */
const marks: readonly (readonly [mark: readonly number[], encoding: string])[] = [
  [[0xef, 0xbb, 0xbf], "utf-8"],
  [[0xff, 0xfe], "utf-16le"],
  [[0xfe, 0xff], "utf-16be"],
];

type Decoded =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "unreadable"; readonly what: string; readonly line: number };

/** A byte order mark wins, then a `coding:` comment in the first two lines (PEP 263), else UTF-8. */
export function decodeText(content: Uint8Array): Decoded {
  const bytes = Buffer.from(content);
  const marked = marks.find(([mark]) => mark.every((byte, index) => bytes[index] === byte));
  if (marked !== undefined) return decodeAs(bytes.subarray(marked[0].length), marked[1], 1);
  const declared = declaredEncoding(bytes);
  return decodeAs(bytes, declared?.encoding ?? "utf-8", declared?.line ?? 1);
}

/** `line` is where the encoding is named. */
function decodeAs(bytes: Buffer, encoding: string, line: number): Decoded {
  // Python has names with hyphens for what others spell without them.
  const label = encoding
    .toLowerCase()
    .replaceAll("_", "-")
    .replace(/^latin-(\d)$/, "latin$1");
  const decoder = decoderFor(label);
  if (decoder === undefined) {
    return {
      kind: "unreadable",
      what: `the encoding ${JSON.stringify(encoding)} is unknown`,
      line,
    };
  }
  try {
    return { kind: "text", text: decoder.decode(bytes) };
  } catch {
    const wrong = firstWrongLine(bytes);
    return { kind: "unreadable", what: `this is not ${encoding}${wrong.which}`, line: wrong.line };
  }
}

function decoderFor(label: string) {
  try {
    return new TextDecoder(label, { fatal: true });
  } catch {
    return undefined;
  }
}

function declaredEncoding(bytes: Buffer): { encoding: string; line: number } | undefined {
  const lines = bytes
    .subarray(0, 1 << 12)
    .toString("latin1")
    .split("\n", 2);
  for (const [index, line] of lines.entries()) {
    const encoding = /^[ \t\f]*#.*?coding[:=][ \t]*([-_.a-zA-Z0-9]+)/.exec(line)?.[1];
    if (encoding !== undefined) return { encoding, line: index + 1 };
  }
  return undefined;
}

/** From 1; the first when the lines are good UTF-8, each alone. */
function firstWrongLine(bytes: Buffer): { line: number; which: string } {
  let start = 0;
  for (let line = 1; start < bytes.length; line += 1) {
    const end = bytes.indexOf(0x0a, start);
    const stop = end < 0 ? bytes.length : end;
    const content = bytes.subarray(start, stop);
    if (!isUtf8(content)) return { line, which: firstWrongByte(content) };
    start = stop + 1;
  }
  return { line: 1, which: "" };
}

/** Of a line; what an editor shows in its column. */
function firstWrongByte(content: Buffer): string {
  const before = content.toString().split("\uFFFD", 1).join("");
  const byte = content[Buffer.byteLength(before)];
  return byte === undefined
    ? ""
    : `: byte 0x${byte.toString(16)} in column ${[...before].length + 1}`;
}
