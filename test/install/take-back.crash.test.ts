/** A transaction that died after its steps is taken back, and the power is lost at any moment of that. */
import { expect, test } from "vitest";
import { recover } from "../../src/install/index.ts";
import { tryLockPrefix } from "../../src/prefix/index.ts";
import { powerLosses, type SimulatedDisk, SimulatedStop } from "../../src/world/simulated/index.ts";
import { scenarios } from "./scenarios.ts";
import { change, layout, recorded, setUp, view, worldOn } from "./stack.ts";

const named = scenarios
  .filter(({ name }) => /^(one in, one out, one up|a directory becomes a file)( |$)/.test(name))
  .map((scenario) => [scenario.name, scenario] as const);

function recoverOn(disk: SimulatedDisk, takeBack: boolean): void {
  const world = worldOn(disk);
  const lock = tryLockPrefix(world, layout, "recovery");
  recover(world, layout, { sync: true, takeBack });
  lock?.release();
}

function state(disk: SimulatedDisk): string {
  return JSON.stringify([Object.entries(view(disk)).sort(), recorded(disk)]);
}

test.each(named)("%s", async (_name, scenario) => {
  const { disk, change: wanted } = await setUp(scenario);
  const old = state(disk);
  const finished = disk.copy();
  await change(worldOn(finished), wanted, scenario.on);
  const next = state(finished);
  disk.plan({
    before: (_n, { path }) => {
      if (path === layout.journal) disk.plan({ stopAt: 0 }); // it is about to be closed
    },
  });
  await change(worldOn(disk), wanted, scenario.on).catch(() => undefined);
  const dead = disk.copy();
  expect(dead.status(layout.journal)).toBeDefined();

  let losses = 0;
  for (let at = 0, isOver = false; !isOver; at += 1) {
    const survivor = dead.copy();
    survivor.plan({ stopAt: at });
    try {
      recoverOn(survivor, true);
      isOver = true;
    } catch (error) {
      if (!(error instanceof SimulatedStop)) throw error;
    }
    for (const loss of powerLosses(survivor)) {
      recoverOn(loss.disk, false);
      const now = state(loss.disk);
      if (now !== old && now !== next) expect({ at, label: loss.label, now }).toEqual({ now: old });
      expect(loss.disk.status(layout.journal)).toBeUndefined();
      losses += 1;
    }
  }
  expect(losses).toBeGreaterThan(50);
});
