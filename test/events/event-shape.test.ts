/** Which lines of a run's file are events: the facts of a failure are checked like the rest. */
import { expect, test } from "vitest";
import { parseEvent } from "../../src/events/index.ts";

const least = {
  atMs: 1,
  kind: "build-failed",
  package: "a",
  version: "1",
  step: "make",
  reason: "no",
  logFile: "/l",
  durationMs: 1,
};
const seen = { times: 1, firstAtMs: 1, lastRun: "r", otherPackages: ["b"] };
const parsed = (event: unknown): unknown => parseEvent(JSON.stringify(event));

test("a failure may say what can be done, and what is known of it", () => {
  expect(parsed(least)).toEqual(least);
  const whole = {
    ...least,
    fingerprint: "0a",
    cause: "network",
    hints: ["Wait."],
    logTail: ["x"],
    seen,
    known: { note: "n", link: "l" },
  };
  expect(parsed(whole)).toEqual(whole);
  expect(parsed({ ...least, known: {} })).toBeDefined();
});

test.each([
  ["hints", "Wait."],
  ["hints", [1]],
  ["logTail", {}],
  ["cause", 1],
  ["seen", true],
  ["seen", { ...seen, times: "1" }],
  ["seen", { ...seen, firstAtMs: -1 }],
  ["known", []],
  ["known", { note: 1 }],
])("but not with %s %j", (key, value) => {
  expect(parsed({ ...least, [key]: value })).toBeUndefined();
});

test("hints that come later have a package", () => {
  const later = { atMs: 1, kind: "hints", package: "a", hints: ["Wait."] };
  expect(parsed(later)).toEqual(later);
  expect(parsed({ ...later, package: undefined })).toBeUndefined();
  expect(parsed({ ...later, hints: undefined })).toBeUndefined();
});

test("what is cut, and what is no object, is passed over", () => {
  for (const line of ["", '{"atMs":1,', "null", "[]", "1"])
    expect(parseEvent(line)).toBeUndefined();
});
