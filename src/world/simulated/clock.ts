/** The simulated Clock: time that moves only when it is told to, and ids that can be foretold. */
import { digestOf } from "../../core/index.ts";
import type { Clock } from "../clock.ts";

export interface SimulatedClock extends Clock {
  /** Moves the time on and wakes the sleepers whose time has come, in the order of their times. */
  advance(ms: number): void;
}

export interface SimulatedClockOptions {
  readonly startMs?: number;
  /** Sleeping ends at once and moves the time on: the default. Else it waits for `advance`. */
  readonly autoAdvance?: boolean;
  /** Clocks of different seeds give different ids. */
  readonly seed?: string | number;
}

interface Sleeper {
  readonly untilMs: number;
  readonly wake: () => void;
}

const defaultStartMs = Date.UTC(2024, 0, 1);
const seedDigits = 8;

export function createSimulatedClock(options: SimulatedClockOptions = {}): SimulatedClock {
  const startMs = options.startMs ?? defaultStartMs;
  const seed = digestOf(String(options.seed ?? 0)).slice(0, seedDigits);
  let nowMs = startMs;
  let ids = 0;
  let sleepers: Sleeper[] = [];

  const advance = (ms: number): void => {
    const endMs = nowMs + ms;
    const due = sleepers.filter(({ untilMs }) => untilMs <= endMs);
    sleepers = sleepers.filter(({ untilMs }) => untilMs > endMs);
    for (const { untilMs, wake } of due.sort((a, b) => a.untilMs - b.untilMs)) {
      nowMs = Math.max(nowMs, untilMs);
      wake();
    }
    nowMs = endMs;
  };

  return {
    now: () => nowMs,
    monotonicMs: () => nowMs - startMs,
    sleep: async (ms) => {
      if (options.autoAdvance ?? true) advance(ms);
      else await new Promise<void>((wake) => sleepers.push({ untilMs: nowMs + ms, wake }));
    },
    callAfter: (ms, act) => {
      const sleeper = { untilMs: nowMs + ms, wake: act };
      sleepers.push(sleeper);
      return () => {
        sleepers = sleepers.filter((other) => other !== sleeper);
      };
    },
    uniqueId: () => seed + (ids++).toString(16).padStart(seedDigits, "0"),
    advance,
  };
}
