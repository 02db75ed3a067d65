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
    pattern: /^E {2,}(?<text>(?:Failed: |assert |\w*(?:Error|Exception|Warning): ?).*)/,
    reason: "a test failed: $text",
    certainty: "vague",
  },
  {
    kind: "test-failure",
    pattern: /^_{3,} (?!summary )(?<name>[\w.[\]-]+) _{3,}$/,
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
  {
    kind: "test-failure",
    pattern: /^(?:FAIL (?<name>\S+\.[cm]?[jt]sx?)|rspec (?<text>\S+) # )/,
    reason: "the test $name$text failed",
  },
  {
    kind: "test-failure",
    pattern: /^FAIL\t(?<name>\S+)\t/,
    reason: "the tests of $name failed",
    certainty: "summary",
  },
  { kind: "test-failure", pattern: /^--- FAIL: (?<name>\S+)/, reason: "the test $name failed" },
  {
    kind: "test-failure",
    pattern: /^\[ {2}FAILED {2}\] (?<name>\S+)/,
    reason: "the test $name failed",
  },
  // The lists and sums that CTest and automake print at the end, and autotest's.
  {
    kind: "test-failure",
    pattern:
      /^\d+ - (?<name>\S+) \((?:Failed|Timeout|Not Run|SEGFAULT|Child aborted|Subprocess aborted|.*Exception.*)\)/,
    reason: "the test $name failed",
  },
  {
    kind: "test-failure",
    pattern: /^\d+% tests passed, (?<text>\d+ tests? failed)/,
    reason: "$text",
    certainty: "summary",
  },
  {
    kind: "test-failure",
    pattern: /^# (?:FAIL|ERROR|XPASS): +(?<text>[1-9]\d*)$/,
    reason: "tests failed: $text",
    certainty: "summary",
  },
  {
    kind: "test-failure",
    pattern:
      /^(?<text>(?:All )?\d+ (?:of \d+ )?tests? (?:did not behave as expected|behaved unexpectedly|failed)\b.*)/,
    reason: "$text",
    certainty: "summary",
  },
  {
    kind: "test-failure",
    pattern: /^(?<name>\S.*?)[:\s.]+\[?FAIL(?:ED)?\]?(?: \([\w./-]+:\d+\))?$/,
    reason: "the test $name failed",
    certainty: "vague",
  },
  {
    kind: "test-failure",
    pattern: /^FAILED \((?<text>(?:failures|errors)=.*)\)$/,
    reason: "tests failed: $text",
    certainty: "summary",
  },
  {
    kind: "test-failure",
    pattern: /^(?<text>\d+ failed) \(\d+ expected failures?\)/,
    reason: "tests failed: $text",
    certainty: "summary",
  },
  {
    kind: "test-failure",
    pattern: /\btestsuite: (?<text>(?:\d+ \w+ )*\d+ failed\b.*)/,
    reason: "tests failed: $text",
    certainty: "summary",
  },
  {
    kind: "test-failure",
    pattern: /^=*\s*(?<text>\d+ failed\b.*) in [\d.]+ ?s/,
    reason: "tests failed: $text",
  },
];
