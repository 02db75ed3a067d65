/** Test suites that ran and found something. */
import type { Recogniser } from "../recogniser.ts";

export const tests: readonly Recogniser[] = [
  {
    kind: "test-failure",
    pattern: /^(?:FAILED|ERROR) (?<name>\S+\.py(?:::\S+)?)/,
    reason: "the test $name failed",
  },
  {
    kind: "test-failure",
    pattern: /^_{3,} (?<name>[\w.[\]-]+) _{3,}$/,
    reason: "the test $name failed",
    certainty: "vague",
  },
  {
    kind: "test-failure",
    pattern: /^(?:FAIL|ERROR): (?<name>\w+) \((?<text>[\w.]+)\)/,
    reason: "the test $name failed",
  },
  {
    kind: "test-failure",
    pattern: /^(?:FAIL: (?<name>\S+)|(?:XPASS|ERROR): (?<text>\S+)$)/,
    reason: "the test $name$text failed",
  },
  {
    kind: "test-failure",
    pattern: /^\d+\/\d+ Test +#\d+: (?<name>\S+) \.+.*\*{3}/,
    reason: "the test $name failed",
  },
  {
    kind: "test-failure",
    pattern: /^\d+\/\d+ (?<name>.+?) +(?:FAIL|ERROR|TIMEOUT|UNEXPECTEDPASS)\b/,
    reason: "the test $name failed",
  },
  {
    kind: "test-failure",
    pattern: /^not ok \d+ (?:- )?(?<name>(?!.*# (?:TODO|SKIP)).*)/i,
    reason: "the test $name failed",
  },
  {
    kind: "test-failure",
    pattern: /^test (?<name>\S+) \.\.\. FAILED$/,
    reason: "the test $name failed",
  },
  { kind: "test-failure", pattern: /^--- FAIL: (?<name>\S+)/, reason: "the test $name failed" },
  {
    kind: "test-failure",
    pattern: /^\[ {2}FAILED {2}\] (?<name>\S+)/,
    reason: "the test $name failed",
  },
  {
    kind: "test-failure",
    pattern: /^\d+% tests passed, \d+ tests? failed/,
    certainty: "consequence",
  },
  {
    kind: "test-failure",
    pattern: /^=*\s*(?<text>\d+ failed\b.*) in [\d.]+s/,
    reason: "tests failed: $text",
  },
];
