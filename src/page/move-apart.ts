/** Heights as near as possible to the wanted ones, in their order, at least `gap` apart. */

/**
 * The least sum of squares under these conditions: pools of neighbours that are too near each
 * other move together (isotonic regression by pooling adjacent violators).
 */
export function moveApart(wanted: readonly number[], gap: number): number[] {
  const pools: { sum: number; count: number }[] = [];
  wanted.forEach((value, at) => {
    pools.push({ sum: value - at * gap, count: 1 });
    for (;;) {
      const last = pools.at(-1);
      const before = pools.at(-2);
      if (!last || !before || before.sum / before.count <= last.sum / last.count) break;
      pools.splice(-2, 2, { sum: before.sum + last.sum, count: before.count + last.count });
    }
  });
  return pools
    .flatMap(({ sum, count }) => Array.from({ length: count }, () => sum / count))
    .map((value, at) => value + at * gap);
}
