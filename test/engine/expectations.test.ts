import { expect, test } from "vitest";
import { openDurations } from "../../src/engine/durations.ts";
import { createExpect } from "../../src/engine/expectations.ts";
import { openWorkspace } from "./workspace.ts";

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
