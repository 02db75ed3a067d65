/**
 * A failure's fingerprint: what is the same wherever, whenever and beside whatever it happens.
 * Paths become names, versions, times, addresses, counters and temporary names go.
 */
import { digestOf } from "../core/index.ts";

const digits = 12;

export function fingerprintOf(parts: readonly string[]): string {
  return digestOf(parts.map(normalise).join("\n")).slice(0, digits);
}

const rules: readonly (readonly [RegExp, string])[] = [
  [/[‘’“”`´"]/g, "'"],
  // Counters of what is built: [3/17], [ 42%].
  [/^\s*\[\s*\d+(?:\/\d+|%)\]\s*/, ""],
  [/\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?Z?)?/g, "TIME"],
  [/\b\d{1,2}:\d\d:\d\d(?:[.,]\d+)?\b/g, "TIME"],
  [/\b(?:\d+(?:\.\d+)?) ?(?:s|ms|sec|secs|seconds|minutes|min)\b/g, "TIME"],
  [/\b0x[0-9a-fA-F]+\b/g, "ADDRESS"],
  // A folder's place says nothing; the last name does of a program or a file. `../src/x.c` is `src/x.c`.
  [/(?<![\w.~])(?:\/[^\s'",:;()<>[\]=/]+)+\/(?:s?bin|lib|include)\/(?=[\w.+-])/g, ""],
  [/(?<![\w.~])\/(?:[^\s'",:;()<>[\]=/]*\/)*(?=[^\s'",:;()<>[\]=/]*\.\w)/g, ""],
  [/(?<![\w.~])~?\/[^\s'",:;()<>[\]=]*/g, "PATH"],
  [/(?:\.\.?\/)+/g, ""],
  [/\b(?:tmp|pip-[a-z-]+-|cc|go-build)(?=[\w]*\d|[A-Za-z]*[A-Z])[A-Za-z0-9_]{5,}\b/g, "TEMPORARY"],
  [/\b[0-9a-f]{8,}\b/g, "HEX"],
  // x.c:12:5, line 12, (CMakeLists.txt:3), Makefile:14.
  [/(?<=[\w.+)-]):\d+(?::\d+)?(?=\b|:|$)/g, ""],
  [/\b(line|column|char|position|pid|process|thread) \d+/gi, "$1 N"],
  [/\b(cpython-|cp|python|py)\d+(?:\.\d+)*\b/g, "$1"],
  [/\bv?\d+(?:\.\d+)+(?:[-.]?(?:a|b|c|rc|dev|post|alpha|beta|p)\d*)*\b/g, "VERSION"],
  [/(?<![\w.])\d{3,}(?![\w.])/g, "N"],
  [/\s+/g, " "],
];

export function normalise(text: string): string {
  return rules.reduce((left, [pattern, to]) => left.replace(pattern, to), text).trim();
}
