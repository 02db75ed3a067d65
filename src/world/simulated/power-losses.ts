/** The states that a power loss can leave, enumerated: in order, reordered, torn and at random. */
import type { Fate } from "./durability.ts";
import type { DiskOperation } from "./faults.ts";
import type { SimulatedDisk } from "./simulated-disk.ts";

export interface PowerLoss {
  /** Says which operations were kept; enough to repeat the case. */
  readonly label: string;
  readonly disk: SimulatedDisk;
}

export interface PowerLossOptions {
  /** How many random subsets to add; none by default. */
  readonly randomSubsets?: number;
  /** Where the random numbers start: the same seed gives the same subsets. */
  readonly seed?: number;
}

/**
 * With n pending operations: every prefix, every omission of one operation, every single operation,
 * every write torn (with and without what came after it), and then random subsets. About 5 n.
 */
export function* powerLosses(
  disk: SimulatedDisk,
  options: PowerLossOptions = {},
): Generator<PowerLoss> {
  const pending = disk.pending;
  const lose = (label: string, choose: (index: number) => Fate): PowerLoss => ({
    label,
    disk: disk.powerLoss((_operation, index) => choose(index)),
  });
  const count = pending.length;
  for (let kept = 0; kept <= count; kept++) {
    yield lose(`the first ${kept} of ${count}`, (index) => index < kept);
  }
  for (const [at, operation] of pending.entries()) {
    const named = describe(operation, at);
    if (operation.name === "write") {
      yield lose(`all, torn at ${named}`, (index) => (index === at ? "torn" : true));
      yield lose(`up to ${named}, torn`, (index) => (index === at ? "torn" : index < at));
    }
    if (at < count - 1) yield lose(`all but ${named}`, (index) => index !== at);
    if (at > 0) yield lose(`only ${named}`, (index) => index === at);
  }
  yield* randomSubsets(lose, pending, options);
}

function* randomSubsets(
  lose: (label: string, choose: (index: number) => Fate) => PowerLoss,
  pending: readonly DiskOperation[],
  { randomSubsets: wanted = 0, seed = 1 }: PowerLossOptions,
): Generator<PowerLoss> {
  const random = createRandom(seed);
  for (let sample = 0; sample < wanted; sample++) {
    const share = random();
    const fates = pending.map(({ name }): Fate => {
      if (random() >= share) return false;
      return name === "write" && random() < 0.25 ? "torn" : true;
    });
    yield lose(`random subset ${sample} of seed ${seed}`, (index) => fates[index] ?? false);
  }
}

function describe(operation: DiskOperation, index: number): string {
  const to = operation.to === undefined ? "" : ` ${operation.to}`;
  return `${index} (${operation.name} ${operation.path}${to})`;
}

/** Numbers from 0 to 1 by the mulberry32 generator. */
function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
