/** Every scenario, with each of its disk operations failing, and the machine unplugged after that. */
import { describe, test } from "vitest";
import { isDiskError } from "../../src/world/index.ts";
import { powerLosses } from "../../src/world/simulated/index.ts";
import { TenonError } from "../../src/core/index.ts";
import {
  changesPrefix,
  endsOf,
  expectWhole,
  expectWholeOrSavedInside,
  named,
  recoverOn,
} from "./crash-ends.ts";
import { change, setUp, worldOn } from "./stack.ts";

describe("every operation fails", () => {
  test.each(named)("%s", async (_name, scenario) => {
    const ends = await endsOf(scenario);
    for (const code of ["ENOSPC", "EIO", "EACCES"]) {
      for (let n = 0; n < ends.operations; n += 1) {
        const { disk, change: wanted } = await setUp(scenario);
        disk.plan({ failAt: { n, code } });
        await change(worldOn(disk), wanted, scenario.on).catch((error: unknown) => {
          if (!(error instanceof TenonError) && !isDiskError(error)) throw error;
        });
        const unplugged =
          code === "EIO" && changesPrefix(disk)
            ? [...powerLosses(disk)].map((loss) => loss.disk)
            : [];
        for (const next of [disk.crash(), ...unplugged]) {
          recoverOn(next);
          const expectOne = code === "EACCES" ? expectWholeOrSavedInside : expectWhole;
          expectOne(next, ends, `operation ${n} failed with ${code}`);
        }
      }
    }
  });
});
