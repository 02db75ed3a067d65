/** Every scenario, killed before each of its disk operations, and its recovery before each of its own. */
import { describe, expect, test } from "vitest";
import { removeTree } from "../../src/world/index.ts";
import { SimulatedStop } from "../../src/world/simulated/index.ts";
import { endsOf, expectNothingAbandoned, expectWhole, named, recoverOn } from "./crash-ends.ts";
import {
  change,
  layout,
  type PackageSpec,
  plantForeign,
  prefix,
  setUp,
  view,
  worldOn,
} from "./stack.ts";

describe("killed before every operation", () => {
  test.each(named)("%s", async (_name, scenario) => {
    const ends = await endsOf(scenario);
    let cases = 0;
    for (let at = 0; at < ends.operations; at += 1) {
      const { disk, change: wanted } = await setUp(scenario);
      disk.plan({ stopAt: at });
      await expect(change(worldOn(disk), wanted, scenario.on)).rejects.toThrow(SimulatedStop);
      for (let again = 0; ; again += 1) {
        const survivor = disk.copy();
        survivor.plan({ stopAt: again });
        let stopped = false;
        try {
          recoverOn(survivor);
        } catch (error) {
          if (!(error instanceof SimulatedStop)) throw error;
          stopped = true;
        }
        const next = survivor.copy();
        recoverOn(next);
        expectWhole(next, ends, `killed at ${at}, recovery killed at ${again}`);
        cases += 1;
        if (stopped) continue;
        await expectNothingAbandoned(next);
        break;
      }
    }
    expect(cases).toBeGreaterThan(ends.operations);
  });
});

/** Killed after the first steps; then somebody takes the path of a step that is still to come. */
describe("recovery must take back, and is killed before every operation", () => {
  const obstacle = "bin/a";
  const isNew = ({ files }: PackageSpec): boolean => Object.hasOwn(files, obstacle);
  const ofInterest = named.filter(
    ([, { add = [], installed }]) => add.some(isNew) && !installed.some(isNew),
  );

  test.each(ofInterest)("%s", async (_name, scenario) => {
    const ends = await endsOf(scenario);
    let takenBack = 0;
    for (let at = 0; at < ends.operations; at += 1) {
      const { disk, change: wanted } = await setUp(scenario);
      disk.plan({ stopAt: at });
      await change(worldOn(disk), wanted, scenario.on).catch(() => undefined);
      const dead = disk.copy();
      if (dead.status(layout.journal) === undefined) continue;
      if (dead.status(`${prefix}/${obstacle}`) !== undefined) continue;
      plantForeign(dead, { [obstacle]: "mine" });
      for (let again = 0, isOver = false; !isOver; again += 1) {
        const survivor = dead.copy();
        survivor.plan({ stopAt: again });
        try {
          recoverOn(survivor);
          isOver = true;
        } catch (error) {
          if (!(error instanceof SimulatedStop)) throw error;
        }
        const next = survivor.copy();
        recoverOn(next);
        expect(view(next)[obstacle]).toBe("mine");
        removeTree(next, `${prefix}/${obstacle}`);
        if (next.list(`${prefix}/bin`).length === 0) removeTree(next, `${prefix}/bin`);
        expectWhole(next, ends, `killed at ${at}, recovery killed at ${again}`);
        takenBack += 1;
      }
    }
    expect(takenBack).toBeGreaterThan(ends.operations);
  });
});
