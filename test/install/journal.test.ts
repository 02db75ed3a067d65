/** A journal that is not whole stops everything, and nothing is changed (I2). */
import { describe, expect, test } from "vitest";
import { recover } from "../../src/install/index.ts";
import { parseJournal } from "../../src/install/journal.ts";
import { makeLayout, readRecords, tryLockPrefix } from "../../src/prefix/index.ts";
import { readText, removeTree } from "../../src/world/index.ts";
import { type SimulatedDisk } from "../../src/world/simulated/index.ts";
import { change, layout, prefix, setUp, view, worldOn } from "./stack.ts";

/** A machine on which a transaction was killed between its first and its second step. */
async function killedBetweenSteps(): Promise<SimulatedDisk> {
  const { disk, change: wanted } = await setUp({
    name: "",
    installed: [{ name: "a", files: { "lib/a": "1", "share/a": "1" } }],
    add: [{ name: "a", version: "2", files: { "lib/a": "2", "share/a": "2" } }],
  });
  const trial = disk.copy();
  let stopAt = 0;
  trial.plan({
    before: (n, { name, to }) => {
      if (name === "exchange" && to === `${prefix}/share`) stopAt = n;
    },
  });
  await change(worldOn(trial), wanted);
  disk.plan({ stopAt });
  await change(worldOn(disk), wanted).catch(() => undefined);
  return disk.copy();
}

function replaceJournal(disk: SimulatedDisk, text: string): void {
  removeTree(disk, layout.journal);
  disk.createFile(layout.journal, text);
}

function expectRefused(disk: SimulatedDisk): void {
  const world = worldOn(disk);
  makeLayout(disk, layout);
  const before = disk.snapshot(prefix);
  expect(() => recover(world, layout, { sync: true })).toThrow(
    expect.objectContaining({ code: "JOURNAL_DAMAGED" }),
  );
  expect(disk.snapshot(prefix)).toEqual(before);
}

test("cut at every byte", async () => {
  const disk = await killedBetweenSteps();
  const text = readText(disk, layout.journal);
  expect(view(disk)).toMatchObject({ "lib/a": "2", "share/a": "1" });
  for (let length = 0; length < text.length; length += 1) {
    replaceJournal(disk, text.slice(0, length));
    expectRefused(disk);
  }
  replaceJournal(disk, text);
  expect(recover(worldOn(disk), layout, { sync: true })).toMatchObject({ kind: "finished" });
  expect(view(disk)).toMatchObject({ "lib/a": "2", "share/a": "2" });
});

test("that is at both ends of its last rename, as Btrfs may show it, is closed all the same", async () => {
  const disk = await killedBetweenSteps();
  const { id } = parseJournal(readText(disk, layout.journal), layout.journal);
  disk.hardLink(layout.journal, `${layout.transactions}/${id}/journal.json`);
  expect(recover(worldOn(disk), layout, { sync: true })).toMatchObject({ kind: "finished" });
  expect(recover(worldOn(disk), layout, { sync: true })).toBeUndefined();
  expect(await change(worldOn(disk), { add: [], remove: ["a"] })).toMatchObject({ kind: "done" });
});

test("with one byte changed anywhere", async () => {
  const disk = await killedBetweenSteps();
  const text = readText(disk, layout.journal);
  for (let at = 0; at < text.length; at += 7) {
    const changed = text[at] === "x" ? "y" : "x";
    replaceJournal(disk, text.slice(0, at) + changed + text.slice(at + 1));
    expectRefused(disk);
  }
});

test("a transaction is refused too, and leaves no folder behind", async () => {
  const disk = await killedBetweenSteps();
  replaceJournal(disk, "");
  const before = { seen: view(disk), folders: disk.list(layout.transactions) };
  const wanted = { add: [], remove: ["a"] };
  await expect(change(worldOn(disk), wanted)).rejects.toMatchObject({ code: "JOURNAL_DAMAGED" });
  expect({ seen: view(disk), folders: disk.list(layout.transactions) }).toEqual(before);
  expect([...readRecords(disk, layout).keys()]).toEqual(["a"]);
  expect(tryLockPrefix(worldOn(disk), layout, "next")).toBeDefined();
});

test("whose trees are gone", async () => {
  const disk = await killedBetweenSteps();
  for (const { name } of disk.list(layout.transactions)) {
    const folder = `${layout.transactions}/${name}`;
    if (disk.status(`${folder}/journal.json`) === undefined) removeTree(disk, folder);
  }
  expectRefused(disk);
});

describe("a power loss does not open again", () => {
  test("a journal that was closed", async () => {
    const { disk, change: wanted } = await setUp({
      name: "",
      installed: [{ name: "a", files: { x: "1" } }],
      remove: ["a"],
    });
    await change(worldOn(disk), wanted);
    expect(disk.powerLoss(() => false).status(layout.journal)).toBeUndefined();
  });

  test("a journal whose steps were taken back", async () => {
    const { disk } = await setUp({
      name: "",
      installed: [{ name: "a", files: { x: "1" } }],
    });
    disk.plan({
      before: (_n, { name, to }) => {
        if (name === "rename" && to?.endsWith("/old/x")) disk.setMode(layout.packages, 0o555);
      },
    });
    await expect(change(worldOn(disk), { add: [], remove: ["a"] })).rejects.toThrow("EACCES");
    expect(disk.powerLoss(() => false).status(layout.journal)).toBeUndefined();
  });
});

describe("what is no journal", () => {
  test.each([
    ["null", "null\n{}\n"],
    ["another format", '{"format":2,"sha256":""}\n{}\n'],
    ["no JSON", "hello\nworld\n"],
    ["one with something behind it", undefined],
  ])("%s", async (_name, text) => {
    const whole = text ?? `${readText(await killedBetweenSteps(), layout.journal)}more\n`;
    expect(() => parseJournal(whole, "/journal")).toThrow(
      expect.objectContaining({ code: "JOURNAL_DAMAGED" }),
    );
  });
});
