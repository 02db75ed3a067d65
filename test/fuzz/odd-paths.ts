/** Paths that an archive may give its members: few, so that they meet each other, and the ones that do harm. */
import * as fc from "fast-check";

const meeting = [
  "a",
  "A",
  "b",
  "a/b",
  "a/b/c",
  "l",
  "l/x",
  "l/../x",
  "b/",
  "a/b/",
  "./a",
  "a//b",
  "a/./b",
];
const harmful = [
  "..",
  "../secret",
  "/etc/passwd",
  "a/../../secret",
  "../out",
  "",
  ".",
  "/",
  "./",
  "a/..",
];
const odd = [
  "\u{202e}a",
  "\u001b[31m",
  "a\nb",
  "a\\b",
  "C:/x",
  "\ud83d\ude00",
  "n".repeat(99),
  "\0",
  "a\0b",
];
const long = [
  "d/".repeat(49),
  `${"e".repeat(255)}`,
  `${"f".repeat(256)}`,
  "g/".repeat(3000),
  `${"h/".repeat(2000)}x`,
];

export const oddPath = fc.oneof(
  { arbitrary: fc.constantFrom(...meeting), weight: 6 },
  { arbitrary: fc.constantFrom(...harmful), weight: 2 },
  fc.constantFrom(...odd),
  fc.constantFrom(...long),
);
