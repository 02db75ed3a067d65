/** A prefix that somebody else has made moves nothing, wherever its state says (I15). */
import { describe, expect, test } from "vitest";
import { recover, removeAbandoned } from "../../src/install/index.ts";
import { digestOf } from "../../src/core/index.ts";
import { makeLayout } from "../../src/prefix/index.ts";
import {
  createSimulatedDisk,
  type SimulatedDisk,
  type Tree,
} from "../../src/world/simulated/index.ts";
import { change, layout, plantStage, prefix, setUp, stages, worldOn } from "./stack.ts";

const id = "20240101T000000Z-0123456789abcdef";
const folder = `${layout.transactions}/${id}`;
const home = "/home/u";

function hostile(trees: { inFolder?: Tree; inPrefix?: Tree }): SimulatedDisk {
  const disk = createSimulatedDisk();
  disk.plant(home, { "secret/x": "secret", ".profile": "mine" });
  disk.plant(prefix, trees.inPrefix ?? {});
  makeLayout(disk, layout);
  disk.plant(folder, trees.inFolder ?? {});
  return disk;
}

/** With the right digest, and the inodes of what is there. */
function plantJournal(disk: SimulatedDisk, steps: readonly object[], journalId = id): void {
  const body = JSON.stringify({ id: journalId, activity: "x", startedMs: 1, steps });
  const head = JSON.stringify({ format: 1, sha256: digestOf(body) });
  disk.createFile(layout.journal, `${head}\n${body}\n`);
}

describe("a journal", () => {
  test.each([
    ["another folder's id", [], "../../../../../home/u/secret"],
    ["no list of steps", undefined, id],
    ["a step of no kind", [{ kind: "delete", path: "x", inode: "1" }], id],
    ["a path that leaves", [{ kind: "graft", path: "../x", inode: "1" }], id],
    ["an absolute path", [{ kind: "retire", path: "/home/u/.profile" }], id],
    ["no inode", [{ kind: "exchange", path: "x" }], id],
    ["an inode that is none", [{ kind: "graft", path: "x", inode: "x" }], id],
    ["tenon's own lock", [{ kind: "retire", path: "var/lib/tenon/lock" }], id],
    ["a step that is none", [null], id],
  ])("with %s is named, and nothing is moved", (_name, steps, journalId) => {
    const disk = hostile({ inFolder: { "new/x": "theirs" } });
    plantJournal(disk, steps as never, journalId);
    const before = disk.snapshot("/");
    for (const takeBack of [false, true]) {
      expect(() => recover(worldOn(disk), layout, { sync: true, takeBack })).toThrow(
        expect.objectContaining({ kind: "machine", code: "JOURNAL_DAMAGED" }),
      );
    }
    expect(disk.snapshot("/")).toEqual(before);
  });

  test.each<[string, { inFolder?: Tree; inPrefix?: Tree }, string]>([
    ["the prefix", { inFolder: { "new/l/x": "y" }, inPrefix: { l: { link: home } } }, "graft"],
    ["what comes in", { inFolder: { "new/l": { link: `${home}/secret` } } }, "graft"],
    [
      "both",
      { inFolder: { "new/l": { link: `${home}/secret` } }, inPrefix: { l: { link: home } } },
      "exchange",
    ],
    [
      "what leaves",
      { inFolder: { "old/l/": "" }, inPrefix: { l: { link: `${home}/secret` } } },
      "retire",
    ],
    ["where it goes", { inFolder: { old: { link: home } }, inPrefix: { "l/x": "x" } }, "retire"],
  ])("whose steps lead through a link in %s leaves all outside as it is", (_name, trees, kind) => {
    const disk = hostile(trees);
    const own = disk.statusOfTarget(`${folder}/new/l/x`)?.inode ?? 1n;
    plantJournal(disk, [{ kind, path: "l/x", ...(kind === "retire" ? {} : { inode: `${own}` }) }]);
    const before = disk.snapshot(home);
    expect(recover(worldOn(disk), layout, { sync: true })).toBeDefined();
    expect(disk.snapshot(home)).toEqual(before);
    expect(disk.status(layout.journal)).toBeUndefined();
  });

  test("whose displaced tree holds a file for elsewhere does not bring it there", () => {
    const disk = hostile({ inFolder: { "new/l/.profile": "theirs" }, inPrefix: { "l/": "" } });
    plantJournal(disk, [{ kind: "exchange", path: "l", inode: "1" }]);
    disk.removeDirectory(`${prefix}/l`);
    disk.makeLink(`${prefix}/l`, home);
    const before = disk.snapshot(home);
    recover(worldOn(disk), layout, { sync: true });
    expect(disk.snapshot(home)).toEqual(before);
  });
});

/** A transaction has taken a stage, and was killed. */
async function killedBeforeJournal(): Promise<SimulatedDisk> {
  const { disk } = await setUp({ name: "", installed: [] });
  const stage = plantStage(disk, { name: "a", files: { "lib/a": "1" } });
  disk.plan({
    before: (_n, { path }) => {
      if (path.endsWith("/journal.tmp")) disk.crash();
    },
  });
  await change(worldOn(disk), { add: [stage], remove: [] }).catch(() => undefined);
  return disk.asProcess("main");
}

describe("a stage that was handed over", () => {
  test.each([
    ["a file that is to be", `${home}/.config/deep/autostart.sh`],
    ["one in a folder that is there", `${home}/secret/y`],
    ["a relative path", "x/y"],
    ["a path that leaves", `${prefix}/../home/u/y`],
    ["the top", "/"],
  ])("goes to no place that origin.json alone names: %s", (_name, stage) => {
    const disk = hostile({
      inFolder: {
        "new/x": "theirs",
        "origin.json": JSON.stringify({ stage, witness: "1 2 3 4 5" }),
      },
    });
    const before = disk.snapshot(home);
    const { givenBack, kept } = removeAbandoned(worldOn(disk), layout);
    expect({ givenBack, kept }).toEqual({
      givenBack: [],
      kept: [expect.stringContaining(`is kept as ${folder}/new: move or remove it`)],
    });
    expect(disk.snapshot(home)).toEqual(before);
    expect(disk.status(`${folder}/new/x`)).toBeDefined();
  });

  test.each(["", "null", "7", '{"stage":7}', '{"stage":"/a\\u0000b"}'])(
    "stays where it is when origin.json holds %j",
    (text) => {
      const disk = hostile({ inFolder: { "new/x": "theirs", "origin.json": text } });
      expect(removeAbandoned(worldOn(disk), layout).kept).toHaveLength(1);
    },
  );

  test("goes nowhere in an unpacked copy of the prefix that it was in", async () => {
    const disk = await killedBeforeJournal();
    const copied = disk.snapshot(prefix);
    disk.rename(prefix, `${prefix}.away`);
    disk.makeDirectory(prefix);
    for (const [path, { type, content = "", mode = 0 }] of Object.entries(copied)) {
      if (type === "directory") disk.makeDirectory(`${prefix}/${path}`, mode);
      else disk.createFile(`${prefix}/${path}`, content, mode);
    }
    expect(removeAbandoned(worldOn(disk), layout)).toMatchObject({ givenBack: [] });
    expect(disk.list(stages)).toEqual([]);
  });

  test("is kept and told when its folder is another one, and hinders nobody", async () => {
    const next = await killedBeforeJournal();
    next.removeDirectory(stages);
    next.plant(stages, {});
    expect(removeAbandoned(worldOn(next), layout).kept).toHaveLength(1);
    const other = plantStage(next, { name: "b", files: { "lib/b": "1" } });
    expect(await change(worldOn(next), { add: [other], remove: [] })).toMatchObject({
      kind: "done",
    });
  });
});

test("what a rollback brings is never reached through a link", async () => {
  const { planRollback } = await import("../../src/install/index.ts");
  const { disk, change: upgrade } = await setUp({
    name: "",
    installed: [{ name: "a", files: { "l/x": "1" } }],
    foreign: { "l/mine": "mine" },
    add: [{ name: "a", version: "2", files: { "l/x": "2" } }],
  });
  const done = await change(worldOn(disk), upgrade);
  const displaced = `${layout.transactions}/${done.kind === "done" ? done.id : ""}/new/l`;
  disk.plant(home, { "keys/x": "secret" });
  disk.rename(displaced, `${displaced}.away`);
  disk.makeLink(displaced, `${home}/keys`);
  expect(() => planRollback(disk, layout, undefined, () => ["/none"])).toThrow(
    expect.objectContaining({ code: "CONTENT_MISSING" }),
  );
});
