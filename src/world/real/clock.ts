/** The Clock of this machine. */
import { randomBytes } from "node:crypto";
import type { Clock } from "../clock.ts";

export function createRealClock(): Clock {
  return {
    now: () => Date.now(),
    monotonicMs: () => performance.now(),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    callAfter: (ms, act) => {
      const timer = setTimeout(act, ms);
      return () => clearTimeout(timer);
    },
    uniqueId: () => randomBytes(8).toString("hex"),
  };
}
