/** Laws that hold for every set of packages. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ancestorsOf, type Entry } from "../../src/core/index.ts";
import { readRecords } from "../../src/prefix/index.ts";
import type { SimulatedDisk } from "../../src/world/simulated/index.ts";
import {
  bring,
  deed,
  emptyMachine,
  files,
  foreign,
  hostile,
  outcomeOf,
  plantWherePossible,
} from "./random-packages.ts";
import {
  change,
  type Files,
  findings,
  layout,
  mustChange,
  type PackageSpec,
  plantForeign,
  plantPackage,
  recorded,
  view,
  worldOn,
} from "./stack.ts";

/** Packages that bring only what their name marks as theirs, in directories that all share. */
const friendly = (name: string): fc.Arbitrary<PackageSpec> =>
  files.map((all) => ({
    name,
    files: Object.fromEntries(
      Object.entries(all)
        .filter(([, text]) => !text.startsWith("->"))
        .map(([each, text]) => [`share/${each.replace(/[^/]+$/, `$&-${name}`)}`, text]),
    ),
  }));

test("install and then remove changes nothing that a person sees", async () => {
  let done = 0;
  await fc.assert(
    fc.asyncProperty(hostile, hostile, foreign, async (first, second, mine) => {
      fc.pre(first.name !== second.name);
      const disk = emptyMachine();
      plantForeign(disk, mine);
      await change(worldOn(disk), { add: [bring(disk, first)], remove: [] });
      const before = view(disk);
      const add = [{ ...second, takesOver: [] }];
      const outcome = await outcomeOf(disk, { add, remove: [] });
      if (outcome !== "done") {
        expect(view(disk)).toEqual(before);
        return;
      }
      done += 1;
      expect(view(disk)).toMatchObject(before);
      await mustChange(worldOn(disk), { add: [], remove: [second.name] });
      expect(view(disk)).toEqual(before);
    }),
    { numRuns: 300 },
  );
  expect(done).toBeGreaterThan(30);
});

test("the order of independent transactions does not matter (I9)", async () => {
  const sets = fc.tuple(friendly("a"), friendly("b"), friendly("c"));
  const orders = fc.shuffledSubarray([0, 1, 2], { minLength: 3, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(sets, orders, foreign, async (specs, order, mine) => {
      const together = emptyMachine();
      const serial = emptyMachine();
      for (const disk of [together, serial]) plantForeign(disk, mine);
      const add = specs.map((spec) => plantPackage(together, spec));
      await mustChange(worldOn(together), { add, remove: [] });
      for (const at of order) {
        const incoming = specs.slice(at, at + 1).map((spec) => plantPackage(serial, spec));
        await mustChange(worldOn(serial), { add: incoming, remove: [] });
      }
      expect(view(serial)).toEqual(view(together));
      expect(ownership(serial)).toEqual(ownership(together));
    }),
    { numRuns: 150 },
  );
});

test("repeating changes nothing but the records", async () => {
  await fc.assert(
    fc.asyncProperty(hostile, foreign, async (spec, mine) => {
      const disk = emptyMachine();
      plantForeign(disk, mine);
      const incoming = bring(disk, spec);
      const outcome = await change(worldOn(disk), { add: [incoming], remove: [] });
      const before = view(disk);
      const again = await change(worldOn(disk), { add: [incoming], remove: [] });
      expect(again.kind).toBe(outcome.kind);
      if (again.kind === "done") expect(again.steps).toBe(2);
      expect(view(disk)).toEqual(before);
    }),
    { numRuns: 200 },
  );
});

describe("after any sequence of changes", () => {
  const step = fc.oneof(
    { weight: 4, arbitrary: deed },
    { weight: 1, arbitrary: foreign.map((mine) => ({ mine })) },
  );

  test.each([
    ["anywhere", undefined, 300],
    ["on an overlay", "overlay", 100],
    ["with weak renames", "weak", 100],
  ] as const)(
    "every path has one content (I3) %s, foreign files are there (I5), and nothing else is",
    async (_name, on, numRuns) => {
      const kinds = new Map<string, number>();
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 8 }), async (deeds) => {
          const disk = emptyMachine(on);
          const mine: Record<string, string> = {};
          for (const each of deeds) {
            if ("mine" in each) Object.assign(mine, plantWherePossible(disk, each.mine));
            else {
              const kind = await outcomeOf(disk, each, on);
              kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
            }
            expectConsistent(disk, mine);
          }
        }),
        { numRuns },
      );
      for (const kind of ["done", "conflict", "nothing-to-do"]) {
        expect(kinds.get(kind) ?? 0).toBeGreaterThan(numRuns / 15);
      }
    },
  );
});

function expectConsistent(disk: SimulatedDisk, mine: Files): void {
  const entries = new Map<string, Entry>();
  const wanted = new Set(Object.keys(mine).flatMap((each) => [...ancestorsOf(each), each]));
  for (const { manifest } of readRecords(disk, layout).values()) {
    for (const entry of manifest) {
      wanted.add(entry.path);
      if (entry.type === "directory") continue;
      expect(entry).toEqual(entries.get(entry.path) ?? entry);
      entries.set(entry.path, entry);
    }
  }
  const seen = view(disk);
  expect(seen).toMatchObject(mine);
  expect(findings(disk)).toEqual([]);
  expect(Object.keys(seen)).toEqual([...wanted].sort());
}

function ownership(disk: SimulatedDisk): object {
  const records = [...readRecords(disk, layout).values()];
  return { packages: recorded(disk), manifests: records.map(({ manifest }) => manifest) };
}
