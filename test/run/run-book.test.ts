/** When nothing more of a run is to be begun. */
import { expect, test } from "vitest";
import { isStopped, openRunBook } from "../../src/run/run-book.ts";

const goesOn = { failFast: false };

test("a run that has only just begun goes on", () => {
  expect(isStopped(openRunBook(), { ...goesOn, signal: new AbortController().signal })).toBe(false);
});

test("an interrupt ends it", () => {
  const interruption = new AbortController();
  interruption.abort();
  expect(isStopped(openRunBook(), { ...goesOn, signal: interruption.signal })).toBe(true);
});

test("a failure ends it only where the first one is to", () => {
  const book = openRunBook();
  book.failures.push(() => {
    throw new Error("nobody asks for it");
  });
  expect(isStopped(book, goesOn)).toBe(false);
  expect(isStopped(book, { failFast: true })).toBe(true);
});

test("so does a conflict, and a store that has dropped something", () => {
  const conflicting = openRunBook();
  conflicting.conflicts.push({ kind: "foreign", path: "bin/x", package: "a" });
  expect(isStopped(conflicting, goesOn)).toBe(true);
  const damaged = openRunBook();
  damaged.damagedStore = "/store";
  expect(isStopped(damaged, goesOn)).toBe(true);
});
