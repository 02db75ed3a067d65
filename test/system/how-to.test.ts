/** The guides of docs/how-to: each is followed to the letter in a folder of its own. */
import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { differences, follow, stepsOf } from "./document.ts";

const guides = readdirSync("docs/how-to")
  .map((name) => ({ name, steps: stepsOf(`docs/how-to/${name}`) }))
  .filter(({ steps }) => steps.length > 0);

test.each(guides)("each command of $name does what the guide says", ({ steps }) => {
  expect(differences(follow(steps))).toEqual([]);
});
