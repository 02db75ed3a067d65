/** Looking things up in what is sorted. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { firstWhere, insertSorted } from "../../src/core/index.ts";

test("the first index is found, wherever it is, also at the end and in a part", () =>
  fc.assert(
    fc.property(fc.nat({ max: 20 }), fc.nat({ max: 20 }), fc.nat({ max: 20 }), (a, b, first) => {
      const [from, to] = [Math.min(a, b), Math.max(a, b)];
      const found = firstWhere({ from, to }, (index) => {
        expect(index >= from && index < to).toBe(true);
        return index >= first;
      });
      expect(found).toBe(Math.min(to, Math.max(from, first)));
    }),
  ));

test("a list stays sorted, and what is alike in its order", () =>
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat({ max: 5 }), fc.nat())), (pairs) => {
      const list: [number, number][] = [];
      for (const pair of pairs) insertSorted(list, pair, ([a], [b]) => a - b);
      expect(list).toEqual([...pairs].sort(([a], [b]) => a - b));
    }),
  ));
