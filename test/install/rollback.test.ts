/** Rolling back, collecting what it needs, and taking an unfinished transaction back on request. */
import { describe, expect, test } from "vitest";
import {
  changePrefix,
  collectDisplaced,
  planRollback,
  readHistory,
  recover,
} from "../../src/install/index.ts";
import { tryLockPrefix } from "../../src/prefix/index.ts";
import { type SimulatedDisk, SimulatedStop } from "../../src/world/simulated/index.ts";
import {
  change,
  findings,
  layout,
  mustChange,
  type PackageSpec,
  plantForeign,
  plantPackage,
  prefix,
  recorded,
  setUp,
  view,
  worldOn,
} from "./stack.ts";

const first: PackageSpec = {
  name: "a",
  files: { "lib/a/x": "1", "lib/a/y": "same", "bin/a": "1" },
};
const second: PackageSpec = { ...first, version: "2", files: { ...first.files, "lib/a/x": "2" } };
const third: PackageSpec = { name: "a", version: "3", files: { "lib/a/z": "3" } };
const other: PackageSpec = { name: "b", files: { "lib/b": "b" } };

async function add(disk: SimulatedDisk, ...specs: PackageSpec[]): Promise<string> {
  const incoming = specs.map((spec) => plantPackage(disk, spec));
  const outcome = await mustChange(worldOn(disk), { add: incoming, remove: [] });
  return outcome.kind === "done" ? outcome.id : "";
}

const nowhere = (): string[] => ["/nowhere"];

async function rollBack(disk: SimulatedDisk, id?: string): Promise<void> {
  await mustChange(worldOn(disk), planRollback(disk, layout, id, nowhere).change);
}

test("three transactions are undone in one, and that one again", async () => {
  const { disk } = await setUp({ name: "", installed: [first] });
  plantForeign(disk, { "lib/a/mine": "mine" });
  const before = view(disk);
  const id = await add(disk, second);
  await add(disk, other);
  await add(disk, third);
  const after = view(disk);
  await rollBack(disk, id);
  expect(view(disk)).toEqual(before);
  expect(recorded(disk)).toEqual({ a: "1" });
  expect(findings(disk)).toEqual([]);
  await rollBack(disk);
  expect(view(disk)).toEqual(after);
  expect(recorded(disk)).toEqual({ a: "3", b: "1" });
  expect(readHistory(disk, layout)[0]?.changes).toEqual([
    { package: "a", from: "1", to: "3" },
    { package: "b", from: null, to: "1" },
  ]);
});

test("what only a later transaction has displaced comes back too", async () => {
  const { disk } = await setUp({ name: "", installed: [first] });
  const before = view(disk);
  const taking = { name: "b", files: { "bin/a": "b's" }, takesOver: ["bin/a"] };
  const id = await add(disk, taking);
  await mustChange(worldOn(disk), { add: [], remove: ["a"] });
  await rollBack(disk, id);
  expect(view(disk)).toEqual(before);
  expect(recorded(disk)).toEqual({ a: "1" });
});

test("a file that somebody had changed by hand comes back as it was", async () => {
  const { disk } = await setUp({ name: "", installed: [first], edits: { "lib/a/x": "mine" } });
  await add(disk, second);
  expect(view(disk)).toMatchObject({ "lib/a/x": "2", "lib/a/x.tenon-save": "mine" });
  await rollBack(disk);
  expect(view(disk)).toMatchObject({ "lib/a/x": "mine", "lib/a/x.tenon-save": "mine" });
});

test("a transaction is named by the end of its id, and an unknown one refused", async () => {
  const { disk } = await setUp({ name: "", installed: [first] });
  const id = await add(disk, second);
  const { undone } = planRollback(disk, layout, id.slice(1), nowhere);
  expect(undone.map((entry) => entry.id)).toEqual([id]);
  const unknown = expect.objectContaining({ code: "NO_TRANSACTION" });
  expect(() => planRollback(disk, layout, "none-such", nowhere)).toThrow(unknown);
});

test("what is collected cannot be rolled back, and what is kept can", async () => {
  const { disk } = await setUp({ name: "", installed: [first] });
  const id = await add(disk, second);
  await add(disk, third);
  const collected = collectDisplaced(worldOn(disk), layout, 1);
  expect(collected.transactions).toHaveLength(2);
  expect(collected.sizeBytes).toBeGreaterThan(0);
  const notKept = expect.objectContaining({ code: "NOT_KEPT" });
  expect(() => planRollback(disk, layout, id, nowhere)).toThrow(notKept);
  await rollBack(disk);
  expect(recorded(disk)).toEqual({ a: "2" });
  expect(findings(disk)).toEqual([]);
});

test("a collection that was killed anywhere leaves nothing that looks whole", async () => {
  for (let stopAt = 0; ; stopAt += 1) {
    const { disk } = await setUp({ name: "", installed: [first] });
    const id = await add(disk, second);
    const seen = view(disk);
    disk.plan({ stopAt });
    let stopped = false;
    try {
      collectDisplaced(worldOn(disk), layout, 0);
    } catch (error) {
      if (!(error instanceof SimulatedStop)) throw error;
      stopped = true;
    }
    const next = disk.copy();
    expect(view(next)).toEqual(seen);
    if (readHistory(next, layout).find((entry) => entry.id === id)?.isKept === true) {
      await rollBack(next, id);
      expect(recorded(next)).toEqual({ a: "1" });
      expect(findings(next)).toEqual([]);
    }
    if (!stopped) return expect(stopAt).toBeGreaterThan(5);
  }
});

test("what was adopted stays, as it was when it was adopted", async () => {
  const there: PackageSpec = { name: "a", files: { "lib/a/x": "1", "lib/a/y": "same" } };
  const { disk, change: wanted } = await setUp({
    name: "",
    installed: [other],
    foreign: there.files,
    adopts: true,
    add: [there],
  });
  const before = view(disk);
  const outcome = await mustChange(worldOn(disk), wanted);
  expect(view(disk)).toEqual(before);
  expect(() => planRollback(disk, layout, undefined, nowhere)).toThrow(
    /took over files that were there before/,
  );
  await add(disk, second);
  await rollBack(disk, outcome.kind === "done" ? outcome.id : "");
  expect(view(disk)).toEqual(before);
  expect(recorded(disk)).toEqual({ a: "1", b: "1" });
  expect(findings(disk)).toEqual([]);
});

test("a rollback that was planned before another transaction is refused under the lock", async () => {
  const { disk } = await setUp({ name: "", installed: [first, other] });
  const wanted = { add: [], remove: ["b"] };
  const before = view(disk);
  const refused = changePrefix(worldOn(disk), layout, wanted, {
    activity: "test",
    sync: true,
    precondition: () => {
      throw new Error("the history has grown");
    },
  });
  await expect(refused).rejects.toThrow("the history has grown");
  expect(view(disk)).toEqual(before);
});

describe("an unfinished transaction", () => {
  async function unfinished(): Promise<{ disk: SimulatedDisk; before: object; after: object }> {
    const installed = [first, other];
    const { disk, change: wanted } = await setUp({ name: "", installed, add: [second] });
    const before = view(disk);
    const trial = disk.copy();
    let stopAt = 0;
    disk.plan({
      before: (n, { name, to }) => {
        if (name === "exchange" && to === `${layout.packages}/a.json`) stopAt = n;
      },
    });
    await change(worldOn(disk), wanted);
    trial.plan({ stopAt });
    await expect(change(worldOn(trial), wanted)).rejects.toThrow(SimulatedStop);
    return { disk: trial.copy(), before, after: view(disk) };
  }

  test("is finished, or taken back when that is asked for", async () => {
    const { disk, before, after } = await unfinished();
    const asked = disk.copy();
    expect(recover(worldOn(asked), layout, { sync: true, takeBack: true })).toMatchObject({
      kind: "taken-back",
    });
    expect(view(asked)).toEqual(before);
    expect(recorded(asked)).toEqual({ a: "1", b: "1" });
    expect(recover(worldOn(disk), layout, { sync: true })).toMatchObject({ kind: "finished" });
    expect(view(disk)).toEqual(after);
  });

  test("is taken back in the end wherever that is killed, whatever a person replaced", async () => {
    const { disk } = await unfinished();
    const place = `${prefix}/lib/a`;
    disk.rename(place, `${prefix}/away`);
    plantForeign(disk, { "lib/a": "mine" });
    for (let stopAt = 0; ; stopAt += 1) {
      const next = disk.copy();
      next.plan({ stopAt });
      let stopped = false;
      try {
        recover(worldOn(next), layout, { sync: true, takeBack: true });
      } catch (error) {
        if (!(error instanceof SimulatedStop)) throw error;
        stopped = true;
      }
      const later = next.copy();
      const lock = tryLockPrefix(worldOn(later), layout, "recovery");
      recover(worldOn(later), layout, { sync: true, takeBack: true });
      lock?.release();
      expect(later.status(layout.journal)).toBeUndefined();
      expect(view(later)).toMatchObject({ "lib/a/x": "1", "lib/a.tenon-save": "mine" });
      if (!stopped) return;
    }
  });
});
