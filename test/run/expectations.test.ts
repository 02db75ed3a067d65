import { expect, test } from "vitest";
import { openDurations } from "../../src/workspace/durations.ts";
import { createExpect } from "../../src/run/expectations.ts";
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

test("packages of a checkout are as long as those of their kind, though all are of one system", () => {
  const { world, session } = openWorkspace(recipes);
  const facts = { type: "standard", tree: "SAGE_LOCAL" };
  const sources: Readonly<Record<string, string>> = {
    a: "wheel",
    b: "normal",
    c: "normal",
    d: "script",
  };
  const own = [...session.workspace.recipes].map(
    ([name, recipe]) =>
      [name, { ...recipe, sage: { ...facts, source: sources[name] ?? "" } }] as const,
  );
  const checkout = { ...session, workspace: { ...session.workspace, recipes: new Map(own) } };
  const durations = openDurations(world, "/d");
  const expected = createExpect(checkout, durations);
  const guesses = ["a", "d", "b"].map((name) => expected("build", name).expectedMs);
  expect(guesses).toEqual(guesses.toSorted((a, b) => a - b));
  expect(new Set(guesses).size).toBe(3);
});
