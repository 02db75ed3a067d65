/** The memory of this machine. */
import * as os from "node:os";
import { expect, test } from "vitest";
import { readMemory } from "../../src/world/real/memory.ts";

test("what is left is more than nothing, and no more than there is", () => {
  const { availableBytes, pressure, oomKills } = readMemory();
  expect(availableBytes).toBeGreaterThan(1e6);
  expect(availableBytes).toBeLessThanOrEqual(os.totalmem());
  expect(pressure).toBeGreaterThanOrEqual(0);
  expect(pressure).toBeLessThanOrEqual(1);
  expect(Number.isInteger(oomKills)).toBe(true);
});
