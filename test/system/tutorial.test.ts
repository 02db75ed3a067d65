/** The tutorial, followed to the letter. */
import { expect, test } from "vitest";
import { differences, follow, stepsOf } from "./document.ts";

test("each command of the tutorial does what the page says", () => {
  const steps = stepsOf("docs/tutorial.md");
  expect(steps.length).toBeGreaterThan(25);
  expect(differences(follow(steps))).toEqual([]);
});
