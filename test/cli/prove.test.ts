/** When `tenon prove` ends with an error. */
import { expect, test } from "vitest";
import { isKnownRight } from "../../src/cli/prove.ts";
import type { Proven } from "../../src/library/index.ts";
import { makeStyle, renderProven } from "../../src/report/index.ts";

const pins = [{ path: "lib/x", offset: 3, where: "text", what: "something", cure: "Mend it." }];

const results: readonly (readonly [Proven["result"], boolean, string])[] = [
  [{ kind: "proved", buildIds: 0, check: "none", isNew: true }, true, "proved"],
  [{ kind: "pinned", pins, isNew: true }, false, "pinned; the next build makes it for each prefix"],
  [{ kind: "pinned", pins, isNew: false }, true, "pinned"],
  [{ kind: "unsteady", pins, check: "passed", isNew: false }, false, "not reproducible"],
  [{ kind: "at-prefix", reason: "it is so" }, true, "built at the prefix's own path"],
  [
    { kind: "unproved", step: "build at the twin", reason: "no", hints: [], logTail: [] },
    false,
    "it failed in build at the twin: no",
  ],
];

test.each(results)("%j: right? %s", (result, isRight, words) => {
  const proven = { package: "x", version: "1", result };
  expect(isKnownRight(proven)).toBe(isRight);
  const [first = "", ...more] = renderProven(proven, makeStyle(false));
  expect(first).toMatch(/^x 1: /);
  expect(first).toContain(words);
  expect(more.length > 0).toBe("pins" in result || "check" in result);
});
