/** What a person reads when tenon.lock is wrong. */
import { expectMistake, type WrongFiles } from "./workspace-folder.ts";
import { test } from "vitest";

const cases: readonly WrongFiles[] = [
  {
    title: "a lock file with marks of a merge",
    files: {
      "tenon.lock": ["version = 1", "<<<<<<< ours"],
    },
    code: "LOCK_SYNTAX",
    message: [
      "tenon.lock:2:1: this is not a key; expected KEY = VALUE or [TABLE], each on a line of its own",
      "    2 | <<<<<<< ours",
      "      | ^",
    ],
    hints: ["Remove tenon.lock and run `tenon lock`."],
  },
  {
    title: "a lock file of a later version",
    files: {
      "tenon.lock": ["version = 2", "other = []"],
    },
    code: "LOCK_VERSION",
    message: [
      "tenon.lock:1:11: this tenon does not know version 2; expected version = 1",
      "    1 | version = 2",
      "      |           ^",
    ],
    hints: ["Use the tenon that wrote it, or remove tenon.lock and run `tenon lock`."],
  },
  {
    title: "a lock file without a version",
    files: {
      "tenon.lock": [],
    },
    code: "LOCK_MISSING_KEY",
    message: ["tenon.lock:1:1: version is missing; expected version = 1"],
    hints: ["Use the tenon that wrote it, or remove tenon.lock and run `tenon lock`."],
  },
  {
    title: "an unknown key in the lock file",
    files: {
      "tenon.lock": [
        "version = 1",
        "",
        "[[source]]",
        'package = "a"',
        'source = "url x"',
        'sha265 = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"',
      ],
    },
    code: "LOCK_UNKNOWN_KEY",
    message: [
      'tenon.lock:6:1: unknown key "sha265" in item 1 of source; expected package, source, sha256, file or commit; did you mean "sha256"?',
      '    6 | sha265 = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"',
      "      | ^^^^^^",
    ],
    hints: ["Remove tenon.lock and run `tenon lock`."],
  },
  {
    title: "a pin without a source",
    files: {
      "tenon.lock": [
        "version = 1",
        "",
        "[[source]]",
        'package = "a"',
        'sha256 = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"',
      ],
    },
    code: "LOCK_MISSING_KEY",
    message: [
      "tenon.lock:3:1: source.source is missing; expected package, source, sha256 in every [[source]]",
      "    3 | [[source]]",
      "      | ^^^^^^^^^^",
    ],
    hints: ["Remove tenon.lock and run `tenon lock`."],
  },
  {
    title: "a pin with a wrong digest",
    files: {
      "tenon.lock": [
        "version = 1",
        "",
        "[[source]]",
        'package = "a"',
        'source = "url x"',
        'sha256 = "123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"',
      ],
    },
    code: "LOCK_VALUE",
    message: [
      'tenon.lock:6:10: source.sha256 is "123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"; expected 64 lower-case hexadecimal digits',
      '    6 | sha256 = "123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"',
      "      |          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^",
    ],
    hints: ["Remove tenon.lock and run `tenon lock`."],
  },
  {
    title: "a pin with a path for a file",
    files: {
      "tenon.lock": [
        "version = 1",
        "",
        "[[source]]",
        'package = "a"',
        'source = "url x"',
        'sha256 = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"',
        'file = "../a"',
      ],
    },
    code: "LOCK_VALUE",
    message: [
      'tenon.lock:7:8: source.file is "../a"; expected a file\'s name',
      '    7 | file = "../a"',
      "      |        ^^^^^^",
    ],
    hints: ["Remove tenon.lock and run `tenon lock`."],
  },
  {
    title: "a package pinned twice",
    files: {
      "tenon.lock": [
        "version = 1",
        "",
        "[[source]]",
        'package = "a"',
        'source = "url x"',
        'sha256 = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"',
        "",
        "[[source]]",
        'package = "a"',
        'source = "url x"',
        'sha256 = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"',
      ],
    },
    code: "LOCK_DUPLICATE_NAME",
    message: [
      'tenon.lock:9:11: "a" is pinned twice; expected each package once',
      '    9 | package = "a"',
      "      |           ^^^",
    ],
    hints: ["Remove tenon.lock and run `tenon lock`."],
  },
  {
    title: "a digest that is a number",
    files: {
      "tenon.lock": [
        "version = 1",
        "",
        "[[source]]",
        'package = "a"',
        'source = "url x"',
        "sha256 = 3",
      ],
    },
    code: "LOCK_TYPE",
    message: [
      "tenon.lock:6:10: source.sha256 is a number; expected text in quotes",
      "    6 | sha256 = 3",
      "      |          ^",
    ],
    hints: ["Remove tenon.lock and run `tenon lock`."],
  },
];

test.each(cases)("$title", expectMistake);
