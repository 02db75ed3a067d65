/** Laws of rolling back, for every chain of transactions. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { joinPath, nameOf, parentOf } from "../../src/core/index.ts";
import { planRollback, readHistory } from "../../src/install/index.ts";
import type { SimulatedDisk } from "../../src/world/simulated/index.ts";
import { deed, emptyMachine, foreign, outcomeOf, plantWherePossible } from "./random-packages.ts";
import {
  change,
  type Files,
  findings,
  layout,
  mustChange,
  type Place,
  plantForeign,
  prefix,
  recorded,
  view,
  worldOn,
} from "./stack.ts";

const nowhere = (): string[] => ["/nowhere"];

function changeBack(disk: SimulatedDisk, id?: string): ReturnType<typeof planRollback>["change"] {
  return planRollback(disk, layout, id, nowhere).change;
}

const places: readonly (readonly [string, Place | undefined, number])[] = [
  ["anywhere", undefined, 200],
  ["on an overlay", "overlay", 100],
  ["with weak renames", "weak", 100],
];

test.each(places)(
  "a change and its rollback are identity %s, foreign files and bytecode included",
  async (_name, on, numRuns) => {
    const outcomes = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(deed, deed, foreign, foreign, async (first, second, mine, later) => {
        const disk = emptyMachine(on);
        plantForeign(disk, mine);
        await outcomeOf(disk, first, on);
        writeBytecode(disk);
        const before = view(disk);
        const kind = await outcomeOf(disk, second, on);
        if (kind !== "done") {
          expect(view(disk)).toEqual(before);
          return;
        }
        expectFresh(view(disk));
        const planted = plantWherePossible(disk, later);
        writeBytecode(disk);
        const between = view(disk);
        if (on === "overlay") disk.sink(prefix);
        const outcome = await change(worldOn(disk), changeBack(disk), on);
        outcomes.set(outcome.kind, (outcomes.get(outcome.kind) ?? 0) + 1);
        const after = view(disk);
        if (outcome.kind !== "done") {
          expect(after).toEqual(between);
          return;
        }
        expect(findings(disk)).toEqual([]);
        expect(after).toMatchObject({ ...withoutBytecode(before), ...planted });
        if (Object.keys(planted).length === 0)
          expect(withoutBytecode(after)).toEqual(withoutBytecode(before));
        expectFresh(after);
        const isOfMine = (place: string): boolean => isBytecode(place) && sourceOf(place) in mine;
        for (const place of Object.keys(before).filter(isOfMine))
          expect(after[place]).toBe(before[place]);
      }),
      { numRuns },
    );
    expect(outcomes.get("done") ?? 0).toBeGreaterThan(5);
  },
);

test("a chain is rolled back to any of its transactions, and forth again", async () => {
  let done = 0;
  const chain = fc.array(deed, { minLength: 2, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(chain, foreign, fc.nat(), async (deeds, mine, pick) => {
      const disk = emptyMachine();
      plantForeign(disk, mine);
      const states = [];
      for (const each of deeds) {
        const state = { view: view(disk), recorded: recorded(disk) };
        if ((await outcomeOf(disk, each)) !== "done") continue;
        states.push({ ...state, id: readHistory(disk, layout)[0]?.id });
      }
      fc.pre(states.length > 0);
      const last = { view: view(disk), recorded: recorded(disk) };
      const wanted = states[pick % states.length];
      const outcome = await change(worldOn(disk), changeBack(disk, wanted?.id));
      expect({ view: view(disk), recorded: recorded(disk), id: wanted?.id }).toEqual(wanted);
      expect(findings(disk)).toEqual([]);
      if (outcome.kind === "nothing-to-do") return;
      done += 1;
      await mustChange(worldOn(disk), changeBack(disk));
      expect({ view: view(disk), recorded: recorded(disk) }).toEqual(last);
    }),
    { numRuns: 100 },
  );
  expect(done).toBeGreaterThan(15);
});

/** As Python does when it imports everything: for each module what its text was. */
function writeBytecode(disk: SimulatedDisk): void {
  const seen = view(disk);
  for (const [place, text] of Object.entries(seen)) {
    const isModule = place.endsWith(".py") && text !== "/" && !text.startsWith("-> ");
    if (isModule && !(bytecodeOf(place) in seen))
      plantForeign(disk, { [bytecodeOf(place)]: `bytecode of ${text}` });
  }
}

function bytecodeOf(module: string): string {
  const stem = nameOf(module).slice(0, -".py".length);
  return joinPath(parentOf(module), `__pycache__/${stem}.cpython-311.pyc`);
}

function sourceOf(bytecode: string): string {
  const stem = nameOf(bytecode).replace(/\..*/, "");
  return joinPath(parentOf(parentOf(bytecode)), `${stem}.py`);
}

function isBytecode(place: string): boolean {
  return place.endsWith(".pyc");
}

function withoutBytecode(seen: Files): Files {
  return Object.fromEntries(
    Object.entries(seen).filter(([place]) => !place.includes("__pycache__")),
  );
}

/** No module runs as what it was. */
function expectFresh(seen: Files): void {
  for (const [place, text] of Object.entries(seen)) {
    if (isBytecode(place)) expect(text).toBe(`bytecode of ${seen[sourceOf(place)]}`);
  }
}
