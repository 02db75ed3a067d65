/** Builds are held back where memory is short. */
import { expect, test } from "vitest";
import type { EventBody } from "../../src/core/index.ts";
import { openDurations } from "../../src/workspace/durations.ts";
import { createMemoryGate, type MemoryGate } from "../../src/run/memory-gate.ts";
import { type Memory } from "../../src/world/index.ts";
import { createSimulatedWorld } from "../../src/world/simulated/index.ts";

const giga = 1e9;

interface Place {
  readonly gate: MemoryGate;
  readonly memory: { -readonly [Key in keyof Memory]: Memory[Key] };
  readonly events: EventBody[];
  wait(): void;
}

function makePlace(options: { budgetBytes?: number } = {}): Place {
  const memory = { availableBytes: 10 * giga, pressure: 0, oomKills: 0 };
  const world = createSimulatedWorld({ machine: { memory: () => ({ ...memory }) } });
  const durations = openDurations(world, "/w/durations");
  durations.record("build", "gcc", { durationMs: 1, maxRssBytes: 4 * giga });
  durations.record("check", "gcc", { durationMs: 1, maxRssBytes: 1 * giga });
  const events: EventBody[] = [];
  const gate = createMemoryGate(world, durations, {
    ...options,
    emit: (event) => events.push(event),
  });
  return { gate, memory, events, wait: () => world.clock.advance(1000) };
}

test("what all need together stays within the budget; a check has its own need", () => {
  const { gate, events } = makePlace({ budgetBytes: 6 * giga });
  expect(gate.mayStart("gcc", ["new"])).toBe(true);
  expect(events).toEqual([]);
  expect(gate.mayStart("new", ["gcc", "check gcc", "a", "b"])).toBe(true);
  expect(gate.mayStart("gcc", ["gcc"])).toBe(false);
  expect(gate.mayStart("check gcc", ["gcc"])).toBe(true);
});

test("without a budget, it is what was free at the beginning", () => {
  const { gate, memory } = makePlace();
  memory.availableBytes = 100 * giga;
  expect(gate.mayStart("gcc", ["gcc"])).toBe(true);
  expect(gate.mayStart("gcc", ["gcc", "gcc"])).toBe(false);
});

test("what is free now must be enough, whatever is known of the others; it is told once", () => {
  const { gate, memory, wait, events } = makePlace();
  memory.availableBytes = 4 * giga;
  wait();
  expect(gate.mayStart("gcc", ["new"])).toBe(false);
  expect(gate.mayStart("gcc", ["new"])).toBe(false);
  expect(gate.mayStart("new", ["new"])).toBe(true);
  expect(events).toEqual([{ kind: "waiting", for: "memory to start gcc" }]);
});

test("nothing new begins while processes wait for memory", () => {
  const { gate, memory, wait } = makePlace();
  memory.pressure = 0.3;
  wait();
  expect(gate.mayStart("new", ["a"])).toBe(false);
  memory.pressure = 0.05;
  wait();
  expect(gate.mayStart("new", ["a"])).toBe(true);
});
