/** What of a store is garbage. */
import { describe, expect, test } from "vitest";
import { findGarbage, type Rules } from "../../src/store/garbage.ts";
import type { Inventory, Item, NoteFile } from "../../src/store/inventory.ts";

function item(name: string, usedMs: number, more: Partial<Item> = {}): Item {
  return { kind: "artifact", name, path: `/s/${name}`, sizeBytes: 10, usedMs, needs: [], ...more };
}

function note(name: string, usedMs: number, ...names: string[]): NoteFile {
  return { name, path: `/s/keys/${name}`, usedMs, names };
}

function gone(inventory: Inventory, rules: Partial<Rules>): string[] {
  const { items, notes } = findGarbage(inventory, { held: new Set(), sinceMs: 100, ...rules });
  return [...items, ...notes].map(({ name }) => name).toSorted();
}

describe("what was not used for long goes", () => {
  test("and what was, stays", () => {
    expect(gone({ items: [item("old", 99), item("new", 100)], notes: [] }, {})).toEqual(["old"]);
  });

  test("unless a note that was used leads to it", () => {
    const items = [item("a", 1), item("b", 1)];
    const notes = [note("ka", 100, "a"), note("kb", 99, "b")];
    expect(gone({ items, notes }, {})).toEqual(["b", "kb"]);
  });

  test("unless something that stands on it was used", () => {
    const items = [item("base", 1), item("made", 1, { kind: "made", needs: ["base"] })];
    expect(gone({ items, notes: [note("k", 100, "made")] }, {})).toEqual([]);
    expect(gone({ items, notes: [] }, {})).toEqual(["base", "made"]);
  });

  test("unless somebody has it on record, or the key that led to it", () => {
    const items = [item("base", 1), item("made", 1, { needs: ["base"] }), item("built", 1)];
    const notes = [note("key", 1, "built"), note("other", 1, "built")];
    expect(gone({ items, notes }, { held: new Set(["made", "key"]) })).toEqual(["other"]);
  });
});

describe("beyond the largest size", () => {
  const items = [item("a", 300), item("b", 200), item("c", 400)];

  test("what was used longest ago goes, though it is not old", () => {
    expect(gone({ items, notes: [] }, { maxBytes: 20 })).toEqual(["b"]);
    expect(gone({ items, notes: [] }, { maxBytes: 19 })).toEqual(["a", "b"]);
    expect(gone({ items, notes: [] }, { maxBytes: 30 })).toEqual([]);
  });

  test("what is on record stays, and the rest is told", () => {
    const held = new Set(["a", "b", "c"]);
    expect(gone({ items, notes: [] }, { held, maxBytes: 1 })).toEqual([]);
    expect(findGarbage({ items, notes: [] }, { held, sinceMs: 1, maxBytes: 1 }).leftBytes).toBe(30);
  });

  test("a note that leads to nothing any more goes with it", () => {
    const notes = [note("kb", 200, "b"), note("both", 200, "b", "c"), note("none", 200)];
    expect(gone({ items, notes }, { maxBytes: 20 })).toEqual(["b", "kb"]);
  });
});
