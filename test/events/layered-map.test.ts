/** A map that shares what it can with the one that it came from. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { layeredMap, valueOf, valuesOf, withValue } from "../../src/events/layered-map.ts";

const entries = fc.array(fc.tuple(fc.constantFrom(..."abcdefghij"), fc.nat()));

test("law: it holds what a map would hold, and each map what it held", () => {
  fc.assert(
    fc.property(entries, entries, (first, later) => {
      let map = layeredMap(first);
      const plain = new Map(first);
      const kept = later.map(([key, value]) => {
        map = withValue(map, key, value);
        plain.set(key, value);
        return { map, plain: new Map(plain) };
      });
      for (const each of kept) {
        expect(valuesOf(each.map).sort()).toEqual([...each.plain.values()].sort());
        for (const key of "abcdefghijk") expect(valueOf(each.map, key)).toBe(each.plain.get(key));
      }
    }),
  );
});
