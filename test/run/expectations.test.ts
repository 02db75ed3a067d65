/** How long work is expected to take. */
import { expect, test } from "vitest";
import { openDurations } from "../../src/workspace/durations.ts";
import { createExpect } from "../../src/run/expectations.ts";
import { withCompanion } from "../workspace/companion.ts";
import { openWorkspace } from "../workspace/workspace.ts";

const recipes = { a: {}, b: {}, c: {}, d: {} };

test("what was recorded counts, for each kind of node", () => {
  const { world, session } = openWorkspace(recipes);
  const durations = openDurations(world, "/d");
  durations.record("build", "a", { durationMs: 70 });
  const expected = createExpect(session, durations);
  expect(expected("build", "a")).toEqual({ expectedMs: 70, isRecorded: true });
  expect(expected("check", "a")).toMatchObject({ isRecorded: false });
});

test("what never ran takes as long as its like, once there are enough of them", () => {
  const { world, session } = openWorkspace(recipes);
  const durations = openDurations(world, "/d");
  durations.record("build", "a", { durationMs: 10 });
  durations.record("build", "b", { durationMs: 500 });
  const guess = createExpect(session, durations)("build", "d");
  expect(guess).toEqual({ expectedMs: 15_000, isRecorded: false });
  durations.record("build", "c", { durationMs: 90 });
  const typical = createExpect(session, durations)("build", "d");
  expect(typical).toEqual({ expectedMs: 90, isRecorded: false });
});

test("packages of a companion are as long as those of their kind, though all are of one system", () => {
  const { world, session } = openWorkspace(recipes);
  const kinds = { a: ["quick", 4], b: ["slow", 60], c: ["slow", 60], d: ["script", 30] } as const;
  const packages = new Map(
    Object.entries(kinds).map(([name, [kind, priorSeconds]]) => [
      name,
      { facts: {}, kind, priorSeconds, inputFiles: () => [] },
    ]),
  );
  const durations = openDurations(world, "/d");
  const expected = createExpect(withCompanion(session, { packages }), durations);
  const guesses = ["a", "d", "b"].map((name) => expected("build", name).expectedMs);
  expect(guesses).toEqual([4_000, 30_000, 60_000]);
});
