/** How long builds took is remembered. */
import { expect, test } from "vitest";
import { openDurations } from "../../src/workspace/durations.ts";
import { readText } from "../../src/world/index.ts";
import { createSimulatedWorld } from "../../src/world/simulated/index.ts";

const file = "/w/.tenon/durations.jsonl";

test("the last time counts half, and the next run knows it", () => {
  const world = createSimulatedWorld();
  const first = openDurations(world, file);
  expect(first.of("build", "gmp")).toBeUndefined();
  first.record("build", "gmp", { durationMs: 1000, maxRssBytes: 5 });
  first.record("build", "gmp", { durationMs: 3000 });
  first.record("check", "gmp", { durationMs: 7 });
  const next = openDurations(world, file);
  for (const durations of [first, next]) {
    expect(durations.of("build", "gmp")).toEqual({ durationMs: 2000, maxRssBytes: 5 });
    expect(durations.of("check", "gmp")).toEqual({ durationMs: 7 });
    expect(durations.of("fetch", "gmp")).toBeUndefined();
  }
});

test("a damaged or cut-off line is passed over", () => {
  const world = createSimulatedWorld();
  world.disk.plant("/w/.tenon", {
    "durations.jsonl": '["build a",5]\n["build b"\n{}\n["build c","x"]\nnull\n["build d",6',
  });
  const durations = openDurations(world, file);
  expect(durations.of("build", "a")).toEqual({ durationMs: 5 });
  for (const name of ["b", "c", "d"]) expect(durations.of("build", name)).toBeUndefined();
});

test("a file of many lines is written anew once, with what they come to", () => {
  const world = createSimulatedWorld();
  const lines = Array.from({ length: 3000 }, () => '["build a",8]\n').join("");
  world.disk.plant("/w/.tenon", { "durations.jsonl": lines });
  const durations = openDurations(world, file);
  durations.record("build", "b", { durationMs: 1, maxRssBytes: 2 });
  durations.record("build", "a", { durationMs: 4 });
  expect(readText(world.disk, file)).toBe('["build a",8]\n["build b",1,2]\n["build a",4]\n');
  expect(openDurations(world, file).of("build", "a")).toEqual({ durationMs: 6 });
});
