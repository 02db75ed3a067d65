/** What a distribution's package manager does not find, and R. */
import type { Recogniser } from "../recogniser.ts";

export const packageManagers: readonly Recogniser[] = [
  {
    kind: "missing-package",
    pattern:
      /^(?:E: (?:Unable to locate package|Package) '?(?<name>[^\s']+)'?(?: has no installation candidate)?$|(?:Error: |error: )?(?:No match for argument|Unable to find a match|target not found|No package '?.*'? available): (?<text>\S.*))/,
    reason: "the system has no package $name$text",
  },
  {
    kind: "missing-package",
    pattern: /^ERROR: unsatisfiable constraints:|^The following packages have unmet dependencies:/,
    reason: "the system's packages contradict each other: $next",
    saysIt: "next-line",
  },
];

export const r: readonly Recogniser[] = [
  {
    kind: "missing-package",
    pattern: /\bthere is no package called '(?<name>[^']+)'/,
    reason: "the R package $name is missing",
  },
  {
    kind: "missing-package",
    pattern:
      /\bnamespace '(?<name>[^']+)' \S+ is (?:being|already) loaded, but (?<text>\S+ \S+) is required/,
    reason: "the R package $name is there only in a version that does not do: $text is required",
  },
  {
    kind: "missing-package",
    pattern: /^ERROR: dependenc(?:y|ies) (?<text>.+?) (?:is|are) not available for package/,
    reason: "the R package $text is missing",
  },
  {
    kind: "script-error",
    pattern: /^Error in [\w.:]+\(.*\) ?:$/,
    reason: "$next",
    certainty: "vague",
    saysIt: "next-line",
  },
  {
    kind: "script-error",
    pattern: /^Error in [\w.:]+\(.*\) ?: (?<text>\S.*)/,
    reason: "$text",
    certainty: "vague",
  },
  {
    kind: "script-error",
    pattern: /^ERROR: (?<text>(?:lazy loading|compilation|loading|configuration) failed\b.*)/,
    reason: "$text",
    certainty: "summary",
  },
];

/** Read last of all: a program says that it cannot do something. */
export const complaints: readonly Recogniser[] = [
  {
    kind: "script-error",
    pattern: /^==> ERROR: +(?<text>.*)/,
    reason: "$text",
    certainty: "vague",
  },
  {
    kind: "script-error",
    pattern: /^Error! +(?<text>.*)/,
    reason: "$text",
    certainty: "summary",
  },
  {
    kind: "missing-package",
    pattern: /^Required\b.*\b(?:not found|missing|not installed)\b/,
    certainty: "summary",
  },
  {
    kind: "script-error",
    pattern:
      /^(?!\S*(?:Error|Exception): )[\w./+-]+: (?:fatal: |error: |Error: )?(?<text>(?:can't|cannot|could not|couldn't|unable to|failed to|unknown|invalid|unrecognized|no such)\b.*)/i,
    certainty: "summary",
  },
];
