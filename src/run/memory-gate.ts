/**
 * Holds new builds back before the machine swaps.
 *
 * What may run at once is bounded twice: what the builds are known to need, all together, must fit
 * into the budget, which is what was free at the beginning when the person has named none; and what
 * is free now must be enough for the next one, with nobody waiting for memory. So neither several
 * large builds that have just begun are underestimated, nor what is not known of beforehand.
 */
import type { EventSink } from "../core/index.ts";
import type { Memory, World } from "../world/index.ts";
import type { Durations } from "../workspace/index.ts";
import { nodeOf } from "./work-items.ts";

export interface MemoryGate {
  /** `running`: the names of the items that run now. */
  mayStart(item: string, running: readonly string[]): boolean;
}

/** For what was never measured. */
const assumedBytes = 256e6;
/** Never to be taken by a new build. */
const reserveBytes = 256e6;
/** The share of time that some process waits for memory from which on the machine is short of it. */
const highPressure = 0.1;
const freshMs = 100;

export function createMemoryGate(
  world: World,
  durations: Durations,
  options: { readonly budgetBytes?: number; readonly emit: EventSink },
): MemoryGate {
  const budgetBytes = options.budgetBytes ?? world.machine.memory().availableBytes;
  let isTold = false;
  const needOf = (item: string): number => {
    const { kind, name } = nodeOf(item);
    return durations.of(kind, name)?.maxRssBytes ?? assumedBytes;
  };
  let measured = { atMs: Number.NEGATIVE_INFINITY, memory: world.machine.memory() };
  /** Asked for each of perhaps hundreds of packages that could start. */
  const measure = (): Memory => {
    const atMs = world.clock.monotonicMs();
    if (atMs - measured.atMs > freshMs) measured = { atMs, memory: world.machine.memory() };
    return measured.memory;
  };
  const fits = (item: string, running: readonly string[]): boolean => {
    const needBytes = needOf(item);
    const inUseBytes = running.reduce((sum, other) => sum + needOf(other), 0);
    if (inUseBytes + needBytes > budgetBytes) return false;
    const { availableBytes, pressure } = measure();
    return pressure < highPressure && availableBytes >= needBytes + reserveBytes;
  };
  return {
    mayStart: (item, running) => {
      if (fits(item, running)) return true;
      if (!isTold) options.emit({ kind: "waiting", for: `memory to start ${item}` });
      isTold = true;
      return false;
    },
  };
}
