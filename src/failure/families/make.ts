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
  { kind: "make-error", pattern: /^ninja: error: (?<text>.*)/, reason: "$text" },
  {
    kind: "missing-program",
    pattern: /^g?make(?:\[\d+\])?: (?<name>[^\s:/]+): No such file or directory$/,
    missing: "program",
  },
];
