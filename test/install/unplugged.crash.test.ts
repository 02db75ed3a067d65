/** Every scenario, with every power loss that the simulated disk can enumerate. */
import { describe, test } from "vitest";
import { powerLosses } from "../../src/world/simulated/index.ts";
import { changesPrefix, endsOf, expectWhole, named, recoverOn } from "./crash-ends.ts";
import { change, setUp, worldOn } from "./stack.ts";

describe("power lost at every operation", () => {
  test.each(named)("%s", async (_name, scenario) => {
    const ends = await endsOf(scenario);
    for (let at = 0; at <= ends.operations; at += 1) {
      const { disk, change: wanted } = await setUp(scenario);
      disk.plan({ stopAt: at });
      await change(worldOn(disk), wanted, scenario.on).catch(() => undefined);
      if (!changesPrefix(disk)) continue;
      for (const { label, disk: restarted } of powerLosses(disk, { randomSubsets: 5, seed: at })) {
        recoverOn(restarted);
        expectWhole(restarted, ends, `stopped at ${at}, kept ${label}`);
      }
    }
  });
});
