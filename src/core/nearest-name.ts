/** Finds the name that a person most likely meant. */

/**
 * The candidate with the fewest differing letters, the first of equals; undefined when none is
 * near. Case and the difference between `-`, `_` and `.` do not count.
 */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
  const wanted = simplify(name);
  let nearest: string | undefined;
  let limit = Math.max(1, Math.floor(wanted.length / 3));
  if (wanted.length < 2) limit = 0;
  for (const candidate of candidates) {
    const distance = editDistance(wanted, simplify(candidate), limit);
    if (distance > limit) continue;
    nearest = candidate;
    limit = distance - 1;
  }
  return nearest;
}

/** As a hint, for an error. */
export function nearestOf(name: string, known: Iterable<string>): string[] {
  const nearest = nearestName(name, known);
  return nearest === undefined ? [] : [`Did you mean ${nearest}?`];
}

function simplify(name: string): string {
  return name.toLowerCase().replaceAll(/[-_.]/g, "-");
}

/**
 * Letters to insert, remove, replace or swap with their neighbour (the optimal string alignment
 * distance); any number above `limit` when it is above `limit`.
 */
export function editDistance(from: string, to: string, limit: number): number {
  if (Math.abs(from.length - to.length) > limit) return limit + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const same = from[row - 1] === to[column - 1];
      let distance = Math.min(
        at(last, column) + 1,
        at(current, column - 1) + 1,
        at(last, column - 1) + (same ? 0 : 1),
      );
      const swapped =
        row > 1 &&
        column > 1 &&
        from[row - 1] === to[column - 2] &&
        from[row - 2] === to[column - 1];
      if (swapped) distance = Math.min(distance, at(beforeLast, column - 2) + 1);
      current.push(distance);
    }
    if (Math.min(...current) > limit) return limit + 1;
    beforeLast = last;
    last = current;
  }
  return at(last, to.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
