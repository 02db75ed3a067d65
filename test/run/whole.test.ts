/** What can join although another package has failed. */
import { describe, expect, test } from "vitest";
import type { Records } from "../../src/run/leaving.ts";
import { decideWhole, type Whole } from "../../src/run/whole.ts";

type Needs = Readonly<Record<string, readonly string[]>>;

/** `recipes` are all that would join if nothing had failed; `installed` is what is there of old versions. */
function whole(recipes: Needs, broken: readonly string[], installed: Needs = {}): Whole {
  const entries = Object.entries(installed).map(([name, depends]) => [name, { name, depends }]);
  return decideWhole({
    missing: Object.keys(recipes).filter((name) => !broken.includes(name)),
    broken: new Set(broken),
    needsOf: (name) => recipes[name] ?? [],
    records: new Map(entries as never) as Records,
  });
}

test("what does not need what failed is whole", () => {
  const recipes = { app: ["lib"], lib: [], other: [] };
  expect(whole(recipes, ["app"])).toEqual({ names: ["lib", "other"], heldBack: [] });
  expect(whole(recipes, ["lib"])).toEqual({ names: ["other"], heldBack: ["app"] });
});

describe("what an old version was built with", () => {
  test("is not replaced while that stays", () => {
    const recipes = { app: ["lib"], lib: [] };
    expect(whole(recipes, ["app"], recipes)).toEqual({ names: [], heldBack: ["lib"] });
  });

  test("at any distance, and with all that stands on the new one", () => {
    const recipes = { app: ["mid"], lib: [], tool: ["lib"], far: ["tool"], other: [] };
    const installed = { app: ["mid"], mid: ["lib"], lib: [] };
    expect(whole(recipes, ["app"], installed)).toEqual({
      names: ["other"],
      heldBack: ["lib", "tool", "far"],
    });
  });

  test("holds back in turn what the held ones were built with", () => {
    const recipes = { app: ["lib"], lib: ["base"], base: [] };
    expect(whole(recipes, ["app"], recipes)).toEqual({ names: [], heldBack: ["lib", "base"] });
    // A new package of the failed one's needs is in nobody's way.
    expect(whole(recipes, ["app"], { app: [] })).toEqual({ names: ["lib", "base"], heldBack: [] });
  });
});
