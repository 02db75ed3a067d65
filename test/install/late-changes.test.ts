/** What somebody does to the prefix while it is being changed: nothing of it is lost (I5). */
import { describe, expect, test } from "vitest";
import { recover } from "../../src/install/index.ts";
import { tryLockPrefix } from "../../src/prefix/index.ts";
import { removeTree } from "../../src/world/index.ts";
import { type SimulatedDisk, SimulatedStop } from "../../src/world/simulated/index.ts";
import {
  change,
  findings,
  layout,
  mustChange,
  plantForeign,
  plantPackage,
  prefix,
  type Scenario,
  setUp,
  view,
  worldOn,
} from "./stack.ts";

const upgradeBesideAnother: Scenario = {
  name: "",
  installed: [
    { name: "a", files: { "share/a/x": "1" } },
    { name: "b", files: { "share/b/x": "1" } },
  ],
  add: [{ name: "a", version: "2", files: { "share/a/x": "2", "share/new": "2" } }],
};

/** Does something once, just before the first rename or exchange that ends at a path of the prefix. */
function justBefore(disk: SimulatedDisk, path: string, act: () => void): void {
  let isDue = true;
  disk.plan({
    before: (_n, { name, path: from, to }) => {
      const isStep = name === "exchange" || name === "rename";
      if (!isDue || !isStep || ![from, to].includes(`${prefix}/${path}`)) return;
      isDue = false;
      act();
    },
  });
}

function recoverOn(disk: SimulatedDisk): readonly string[] {
  const world = worldOn(disk);
  const lock = tryLockPrefix(world, layout, "recovery");
  const recovery = recover(world, layout, { sync: true });
  lock?.release();
  return recovery?.notes ?? [];
}

test("a directory that becomes a link to itself before it leaves blocks nothing", async () => {
  const { disk, change: wanted } = await setUp({
    name: "",
    installed: [{ name: "a", files: { "share/d/x": "1", "share/z": "1" } }],
    foreign: { "share/mine": "mine" },
    add: [{ name: "a", version: "2", files: { "share/z": "2" } }],
  });
  justBefore(disk, "share/d", () => {
    removeTree(disk, `${prefix}/share/d`);
    disk.makeLink(`${prefix}/share/d`, "d");
  });
  await mustChange(worldOn(disk), wanted);
  expect(disk.status(layout.journal)).toBeUndefined();
  await mustChange(worldOn(disk), { add: [], remove: ["a"] });
  expect(view(disk)).toEqual({ share: "/", "share/mine": "mine" });
});

describe("a file made in a directory just before it gives way", () => {
  test("to a file is kept beside it", async () => {
    const { disk, change: wanted } = await setUp({
      name: "",
      installed: [{ name: "a", files: { "share/x/y": "1", "share/z": "1" } }],
      foreign: { "share/mine": "mine" },
      add: [{ name: "a", version: "2", files: { "share/x": "2", "share/z": "2" } }],
    });
    justBefore(disk, "share/x", () => plantForeign(disk, { "share/x/deep/late": "late" }));
    const outcome = await mustChange(worldOn(disk), wanted);
    expect(view(disk)).toMatchObject({
      "share/x": "2",
      "share/x.tenon-save": "/",
      "share/x.tenon-save/late": "late",
    });
    expect(outcome).toMatchObject({ notes: [expect.stringContaining("share/x.tenon-save")] });
  });

  test("to a link that leads out of the prefix is kept beside it", async () => {
    const { disk, change: wanted } = await setUp({
      name: "",
      installed: [{ name: "a", files: { "share/x/y": "1", "share/z": "1" } }],
      foreign: { "share/mine": "mine" },
      add: [{ name: "a", version: "2", files: { "share/x": "-> /nowhere/x", "share/z": "2" } }],
    });
    justBefore(disk, "share/x", () => plantForeign(disk, { "share/x/late": "late" }));
    await mustChange(worldOn(disk), wanted);
    expect(view(disk)).toMatchObject({ "share/x": "-> /nowhere/x", "share/x.tenon-save": "late" });
  });

  test("to one that brings the same name is kept beside it", async () => {
    const { disk, change: wanted } = await setUp(upgradeBesideAnother);
    justBefore(disk, "share/a", () => plantForeign(disk, { "share/a/late": "late" }));
    const files = { "share/a/x": "2", "share/a/late": "2" };
    const add = [plantPackage(disk, { name: "a", version: "3", files })];
    await mustChange(worldOn(disk), { ...wanted, add });
    expect(view(disk)).toMatchObject({ ...files, "share/a/late.tenon-save": "late" });
  });

  test("survives a power loss after the end", async () => {
    const { disk, change: wanted } = await setUp(upgradeBesideAnother);
    // Planting makes everything durable, so another process writes and syncs the file.
    justBefore(disk, "share/a", () => {
      const other = disk.asProcess("other");
      other.createFile(`${prefix}/share/a/late`, "late");
      other.syncFile(`${prefix}/share/a/late`);
      other.syncDirectory(`${prefix}/share/a`);
    });
    await mustChange(worldOn(disk), wanted);
    const restarted = disk.powerLoss(() => false);
    expect(view(restarted)).toMatchObject({ "share/a/x": "2", "share/a/late": "late" });
  });
});

test("what lies where a package has a directory is no package's", async () => {
  const { disk, change: wanted } = await setUp({
    name: "",
    installed: [{ name: "a", files: { "share/a/empty/": "", "share/a/x": "1" } }],
    add: [{ name: "a", version: "2", files: { "share/a/x": "2" } }],
  });
  disk.removeDirectory(`${prefix}/share/a/empty`);
  plantForeign(disk, { "share/a/empty": "mine" });
  await mustChange(worldOn(disk), wanted);
  expect(view(disk)).toMatchObject({ "share/a/x": "2", "share/a/empty": "mine" });
});

test("a link that somebody put in the place of a directory is not displaced", async () => {
  const { disk, change: wanted } = await setUp(upgradeBesideAnother);
  removeTree(disk, `${prefix}/share/a`);
  plantForeign(disk, { "share/a": "-> /big/a" });
  expect(await change(worldOn(disk), wanted)).toMatchObject({
    kind: "conflict",
    conflicts: [{ kind: "foreign", path: "share/a", package: "a" }],
  });
  expect(view(disk)).toMatchObject({ "share/a": "-> /big/a" });
});

test("a lost race is judged anew: what was a file to retire is a directory now", async () => {
  const { disk } = await setUp({
    name: "",
    installed: [{ name: "a", files: { "share/a/x": "1", "share/a/y": "1" } }],
    foreign: { "share/a/mine": "mine" },
  });
  justBefore(disk, "share/a/y", () => {
    disk.removeFile(`${prefix}/share/a/mine`);
    disk.removeFile(`${prefix}/share/a/y`);
  });
  await mustChange(worldOn(disk), { add: [], remove: ["a"] });
  expect(view(disk)).toEqual({});
});

describe("taking back", () => {
  test("leaves alone what somebody put in the place of a new file", async () => {
    const { disk, change: wanted } = await setUp(upgradeBesideAnother);
    disk.plan({
      before: (_n, { name, to }) => {
        if (name !== "exchange" || to !== `${layout.packages}/a.json`) return;
        if (disk.status(`${prefix}/share/new`) === undefined) return;
        removeTree(disk, `${prefix}/share/new`);
        plantForeign(disk, { "share/new": "mine" });
        removeTree(disk, `${layout.packages}/a.json`);
      },
    });
    await change(worldOn(disk), wanted).catch(() => undefined);
    expect(view(disk)["share/new"]).toBe("mine");
  });

  test("brings back what somebody put into a new directory", async () => {
    const { disk, change: wanted } = await setUp({
      name: "",
      installed: [{ name: "b", files: { "share/b": "1" } }],
      add: [{ name: "a", files: { "share/a/x": "2" } }],
    });
    disk.plan({
      before: (_n, { name, to }) => {
        if (name !== "rename" || to !== `${layout.packages}/a.json`) return;
        plantForeign(disk, { "share/a/mine": "mine" });
        disk.setMode(layout.packages, 0o555);
      },
    });
    await expect(change(worldOn(disk), wanted)).rejects.toMatchObject({
      code: "TRANSACTION_FAILED",
    });
    const expected = { share: "/", "share/a": "/", "share/a/mine": "mine", "share/b": "1" };
    expect(view(disk)).toEqual(expected);
    expect(disk.status(layout.journal)).toBeUndefined();
  });

  test.each([
    ["is gone", {}],
    ["is a file now", { share: "mine" }],
  ])("puts a file back whose directory %s", async (_name, foreign: Record<string, string>) => {
    const { disk } = await setUp({
      name: "",
      installed: [{ name: "a", files: { "share/a/x": "1", "share/a/y": "1" } }],
      foreign: { "share/a/mine": "mine" },
    });
    // Killed between the two files; then somebody removes the whole directory.
    let stopAt = 0;
    disk.plan({
      before: (n, { name, path }) => {
        if (name === "rename" && path === `${prefix}/share/a/y`) stopAt = n;
      },
    });
    const trial = disk.copy();
    await change(worldOn(disk), { add: [], remove: ["a"] });
    trial.plan({ stopAt });
    await expect(change(worldOn(trial), { add: [], remove: ["a"] })).rejects.toThrow(SimulatedStop);
    const next = trial.copy();
    removeTree(next, `${prefix}/share`);
    plantForeign(next, foreign);
    recoverOn(next);
    expect(next.status(layout.journal)).toBeUndefined();
    expect(view(next)).toMatchObject({ "share/a/x": "1" });
    if ("share" in foreign) expect(view(next)).toMatchObject({ "share.tenon-save": "mine" });
  });
});

describe("stale bytecode", () => {
  const python: Scenario = {
    name: "",
    installed: [{ name: "a", files: { "lib/a.py": "1", "lib/b.py": "1" } }],
    foreign: {
      "lib/__pycache__/a.cpython-311.pyc": "1",
      "lib/a.pyc": "1",
      "lib/c.pyc": "1",
      "lib/mine": "mine",
    },
    remove: ["a"],
  };

  test("beside its module goes too, since Python would import it", async () => {
    const { disk, change: wanted } = await setUp(python);
    await mustChange(worldOn(disk), wanted);
    expect(Object.keys(view(disk))).toEqual(["lib", "lib/c.pyc", "lib/mine"]);
  });

  test("that may not be removed blocks nothing and is named", async () => {
    const { disk, change: wanted } = await setUp(python);
    disk.setMode(`${prefix}/lib/__pycache__`, 0o555);
    const outcome = await mustChange(worldOn(disk), wanted);
    expect(outcome).toMatchObject({ notes: [expect.stringContaining("lib/a.py")] });
    expect(disk.status(layout.journal)).toBeUndefined();
  });
});

test("a directory that we may not read is somebody's", async () => {
  const { disk, change: wanted } = await setUp(upgradeBesideAnother);
  plantForeign(disk, { "share/a/closed/mine": "mine" });
  disk.setMode(`${prefix}/share/a/closed`, 0o000);
  await mustChange(worldOn(disk), wanted);
  disk.setMode(`${prefix}/share/a/closed`, 0o755);
  expect(view(disk)).toMatchObject({ "share/a/x": "2", "share/a/closed/mine": "mine" });
  expect(findings(disk)).toEqual([]);
});

test("a directory whose manifest makes it read-only can be replaced and removed", async () => {
  const { disk } = await setUp({ name: "", installed: [] });
  const closed = (version: string) => {
    const each = plantPackage(disk, { name: "a", version, files: { "share/a/d/x": version } });
    const manifest = each.manifest.map((entry) =>
      entry.type === "directory" ? { ...entry, mode: 0o555 } : entry,
    );
    return { ...each, manifest };
  };
  await mustChange(worldOn(disk), { add: [closed("1")], remove: [] });
  await mustChange(worldOn(disk), { add: [closed("2")], remove: [] });
  expect(view(disk)).toMatchObject({ "share/a/d/x": "2" });
  await mustChange(worldOn(disk), { add: [], remove: ["a"] });
  expect(view(disk)).toEqual({});
});

test("a folder that another process takes for abandoned is made again", async () => {
  const { disk, change: wanted } = await setUp(upgradeBesideAnother);
  let folders = 0;
  disk.plan({
    failAt: { n: 0, code: "ENOENT" }, // as the chmod after its mkdir fails
    before: (_n, { name, path }) => {
      if (name === "mkdir" && /\/tx\/[^/]+$/.test(path)) folders += 1;
    },
  });
  await mustChange(worldOn(disk), wanted);
  expect(folders).toBe(2);
  expect(view(disk)).toMatchObject({ "share/a/x": "2" });
});
