/** The failures that a team knows: what may be written of them, and what a person reads when it is wrong. */
import { expect, test } from "vitest";
import { expectMistake, read, type WrongFiles } from "./workspace-folder.ts";

test("entries are read with what they say", () => {
  const text = [
    '[[failure]]\nfingerprint = "0123456789ab"\nnote = "the mirror is down"',
    '[[failure]]\nfingerprint = "ba9876543210"\npackage = "numpy"\nlink = "https://example.org/29585"',
  ].join("\n");
  expect(read({ "known-failures.toml": text }).knownFailures).toEqual([
    { fingerprint: "0123456789ab", note: "the mirror is down" },
    { fingerprint: "ba9876543210", package: "numpy", link: "https://example.org/29585" },
  ]);
});

const cases: readonly WrongFiles[] = [
  {
    title: "a fingerprint that is none",
    files: { "known-failures.toml": ["[[failure]]", 'fingerprint = "29585"', 'note = "x"'] },
    code: "KNOWN_VALUE",
    message: [
      'known-failures.toml:2:15: failure.fingerprint is "29585"; expected 12 lower-case hexadecimal digits',
      '    2 | fingerprint = "29585"',
      "      |               ^^^^^^^",
    ],
  },
  {
    title: "an entry that says nothing",
    files: { "known-failures.toml": ["[[failure]]", 'fingerprint = "0123456789ab"'] },
    code: "KNOWN_MISSING_KEY",
    message: [
      "known-failures.toml:1:1: failure.note is missing; expected a note or a link in every [[failure]]",
      "    1 | [[failure]]",
      "      | ^^^^^^^^^^^",
    ],
  },
  {
    title: "an entry without a fingerprint",
    files: { "known-failures.toml": ["", "[[failure]]", 'note = "x"'] },
    code: "KNOWN_MISSING_KEY",
    message: [
      "known-failures.toml:2:1: failure.fingerprint is missing; expected fingerprint in every [[failure]]",
      "    2 | [[failure]]",
      "      | ^^^^^^^^^^^",
    ],
  },
  {
    title: "an unknown key",
    files: {
      "known-failures.toml": ["[[failure]]", 'fingerprint = "0123456789ab"', 'notes = "x"'],
    },
    code: "KNOWN_UNKNOWN_KEY",
    message: [
      'known-failures.toml:3:1: unknown key "notes" in item 1 of failure; expected fingerprint, package, note or link; did you mean "note"?',
      '    3 | notes = "x"',
      "      | ^^^^^",
    ],
  },
  {
    title: "a package that cannot be",
    files: {
      "known-failures.toml": [
        "[[failure]]",
        'fingerprint = "0123456789ab"',
        'note = "x"',
        'package = "A/b"',
      ],
    },
    code: "KNOWN_VALUE",
    message: [
      `known-failures.toml:4:11: failure.package is "A/b"; expected lower-case letters, digits, '-', '_', '.' and '+', with a letter or digit first, at most 120 in all`,
      '    4 | package = "A/b"',
      "      |           ^^^^^",
    ],
  },
];

test.each(cases)("$title", expectMistake);
