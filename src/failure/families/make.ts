/** make and ninja themselves. */
import type { Recogniser } from "../recogniser.ts";

export const make: readonly Recogniser[] = [
  {
    kind: "make-error",
    pattern:
      /^g?make(?:\[\d+\])?: \*\*\* No rule to make target [`'‘](?<text>[^'’]+)['’](?:, needed by [`'‘](?<name>[^'’]+)['’])?/,
    reason: "there is no rule to make $text",
  },
  {
    kind: "make-error",
    pattern: /^[^\s:]+:\d+: \*\*\* (?<text>.*?)\s*Stop\.$/,
    reason: "the makefile is wrong: $text",
  },
  {
    kind: "make-error",
    pattern: /^g?make(?:\[\d+\])?: \*\*\* No targets(?: specified and no makefile found)?/,
    reason: "there is no makefile",
  },
  {
    kind: "make-error",
    pattern: /^ninja: error: (?<text>rebuilding '.*)/,
    reason: "$text",
    certainty: "summary",
  },
  { kind: "make-error", pattern: /^ninja: (?:error|fatal): (?<text>.*)/, reason: "$text" },
  // What it says of itself in another language, and what BSD's make says.
  {
    kind: "make-error",
    pattern: /^g?make(?:\[\d+\])? ?: \*\*\* ?(?!\[|Deleting |Waiting )(?<text>\S.*)/,
    reason: "$text",
    certainty: "vague",
  },
  {
    kind: "make-error",
    pattern: /^b?make(?:\[\d+\])?: "[^"]+" line \d+: (?<text>.*)/,
    reason: "the makefile is wrong: $text",
  },
  {
    kind: "make-error",
    pattern: /^b?make(?:\[\d+\])?: don't know how to make (?<text>\S+?)\.? Stop/,
    reason: "there is no rule to make $text",
  },
  {
    kind: "missing-program",
    pattern:
      /^g?make(?:\[\d+\])?: (?<name>(?![Mm]akefile:|GNUmakefile:)[^\s:/]+): No such file or directory$/,
    missing: "program",
  },
  // A shell said nothing of it, or not here.
  {
    kind: "missing-program",
    pattern: /^g?make(?:\[\d+\])?: \*\*\* \[.*\] Error 127$/,
    reason: "a program that make calls is missing",
    certainty: "summary",
  },
];
