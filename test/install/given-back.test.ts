/** What was in a prefix before its packages is there after them, and as it was. */
import { describe, expect, test } from "vitest";
import { type Incoming, planRollback } from "../../src/install/index.ts";
import { readRecords } from "../../src/prefix/index.ts";
import { createSimulatedDisk, type SimulatedDisk } from "../../src/world/simulated/index.ts";
import {
  change,
  findings,
  layout,
  mustChange,
  type PackageSpec,
  plantPackage,
  prefix,
  view,
  worldOn,
} from "./stack.ts";

const site = "lib/python3/site-packages";
const a: PackageSpec = {
  name: "a",
  files: { "bin/a": "1", [`${site}/a/x.py`]: "1", "doc/a": "1" },
};
const b: PackageSpec = { name: "b", files: { "bin/b": "1", "etc/b/conf": "1", "doc/b": "1" } };

async function install(disk: SimulatedDisk, ...specs: PackageSpec[]): Promise<void> {
  const add = specs.map((spec) => plantPackage(disk, spec));
  await mustChange(worldOn(disk), { add, remove: [] });
}

async function remove(disk: SimulatedDisk, ...names: string[]): Promise<void> {
  await mustChange(worldOn(disk), { add: [], remove: names });
}

/** With what a person, or venv, has made: `bin` and site-packages, and `etc` for a group alone. */
function personsPrefix(): SimulatedDisk {
  const disk = createSimulatedDisk();
  disk.plant(prefix, { "bin/": {}, "etc/": { mode: 0o2770 }, [`${site}/`]: {} });
  return disk;
}

const before = {
  bin: "/",
  etc: "/",
  lib: "/",
  "lib/python3": "/",
  [site]: "/",
};

describe("folders that were there before any package", () => {
  test.each([
    ["one after the other", [["a"], ["b"]]],
    ["the other way round", [["b"], ["a"]]],
    ["together", [["a", "b"]]],
  ])("stay when the packages leave %s, as they are", async (_name, groups) => {
    const disk = personsPrefix();
    const inodes = inodesOf(disk);
    await install(disk, a);
    await install(disk, b);
    for (const group of groups) await remove(disk, ...group);
    expect(view(disk)).toEqual(before);
    expect(inodesOf(disk)).toEqual(inodes);
    expect(disk.status(`${prefix}/etc`)?.mode).toBe(0o2770);
  });

  test("stay through upgrades, also to a version that has nothing in them", async () => {
    const disk = personsPrefix();
    const inodes = inodesOf(disk);
    await install(disk, a, b);
    await install(disk, { ...a, version: "2", files: { "bin/a": "2", [`${site}/a/x.py`]: "2" } });
    await install(disk, { ...b, version: "2", files: { "share/b": "2" } });
    expect(inodesOf(disk)).toEqual(inodes);
    await remove(disk, "b", "a");
    expect(view(disk)).toEqual(before);
    expect(inodesOf(disk)).toEqual(inodes);
  });

  test("stay when the transaction that came is rolled back, and are known when it comes again", async () => {
    const disk = personsPrefix();
    const inodes = inodesOf(disk);
    const rollBack = async (): Promise<void> => {
      const plan = planRollback(disk, layout, undefined, () => ["/nowhere"]);
      await mustChange(worldOn(disk), plan.change);
    };
    await install(disk, a, b);
    await rollBack();
    expect(view(disk)).toEqual(before);
    await rollBack();
    expect(findings(disk)).toEqual([]);
    await remove(disk, "a", "b");
    expect(view(disk)).toEqual(before);
    expect(inodesOf(disk)).toEqual(inodes);
  });

  test("stay below a folder that a package made", async () => {
    const disk = personsPrefix();
    await install(disk, a);
    disk.plant(prefix, { "doc/mine/": { mode: 0o700 } });
    await install(disk, { name: "c", files: { "doc/mine/c": "1" } });
    await remove(disk, "a");
    await remove(disk, "c");
    expect(view(disk)).toEqual({ ...before, doc: "/", "doc/mine": "/" });
    expect(disk.status(`${prefix}/doc/mine`)?.mode).toBe(0o700);
  });

  test("are in the way of a file, as a person's", async () => {
    const disk = personsPrefix();
    await install(disk, b);
    const add = [plantPackage(disk, { ...b, version: "2", files: { etc: "file" } })];
    expect(await change(worldOn(disk), { add, remove: [] })).toMatchObject({
      kind: "conflict",
      conflicts: [{ kind: "foreign", path: "etc", package: "b" }],
    });
  });

  test("are the outermost ones where an earlier tenon took no note", async () => {
    const disk = personsPrefix();
    await install(disk, a, b);
    for (const [name, record] of readRecords(disk, layout)) {
      expect(record.found).toBeDefined();
      const file = `${layout.packages}/${name}.json`;
      const text = Buffer.from(disk.readFile(file)).toString();
      disk.removeFile(file);
      disk.createFile(file, JSON.stringify({ ...JSON.parse(text), found: undefined }));
    }
    await remove(disk, "a");
    await remove(disk, "b");
    expect(view(disk)).toEqual({ ...before, doc: "/" });
  });
});

describe("folders that packages made", () => {
  test("leave with the last of them", async () => {
    const disk = personsPrefix();
    await install(disk, a, b);
    await remove(disk, "b");
    expect(view(disk)).toHaveProperty("doc");
    await remove(disk, "a");
    expect(view(disk)).not.toHaveProperty("doc");
  });
});

describe("what a refused transaction leaves", () => {
  const wrong = { name: "a", files: { "var/lib/tenon/lock": "1" } };

  test("is nothing, not even the prefix that it would have made", async () => {
    const disk = createSimulatedDisk();
    disk.plant("/opt/other", {});
    const add = [plantPackage(disk, wrong)];
    expect(await change(worldOn(disk), { add, remove: [] })).toMatchObject({ kind: "conflict" });
    expect(disk.list("/opt").map(({ name }) => name)).toEqual(["other"]);
  });

  test("is the prefix as it was, with the folders that a person had made", async () => {
    const disk = personsPrefix();
    disk.plant(prefix, { "var/": {} });
    const add = [plantPackage(disk, wrong)];
    expect(await change(worldOn(disk), { add, remove: [] })).toMatchObject({ kind: "conflict" });
    expect(disk.list(prefix).map(({ name }) => name)).toEqual(["bin", "etc", "lib", "var"]);
    expect(disk.list(`${prefix}/var`)).toEqual([]);
  });

  test("is all that others have, when there is another transaction", async () => {
    const disk = personsPrefix();
    await install(disk, a);
    const add = [plantPackage(disk, { ...wrong, name: "w" })];
    expect(await change(worldOn(disk), { add, remove: [] })).toMatchObject({ kind: "conflict" });
    expect(findings(disk)).toEqual([]);
    await install(disk, b);
  });
});

function inodesOf(disk: SimulatedDisk): (bigint | undefined)[] {
  return Object.keys(before).map((path) => disk.status(`${prefix}/${path}`)?.inode);
}

describe("a folder that packages bring with different modes", () => {
  const withMode = (disk: SimulatedDisk, spec: PackageSpec, mode: number): Incoming => {
    const incoming = plantPackage(disk, spec);
    const manifest = incoming.manifest.map((entry) =>
      entry.path === "doc" && entry.type === "directory" ? { ...entry, mode } : entry,
    );
    return { ...incoming, manifest };
  };

  test.each([
    ["the open one first", 0o755, 0o700],
    ["the closed one first", 0o700, 0o755],
  ])("has what all of them allow when they come together, %s (I9)", async (_name, one, two) => {
    const disk = personsPrefix();
    const add = [withMode(disk, a, one), withMode(disk, b, two)];
    await mustChange(worldOn(disk), { add, remove: [] });
    expect(disk.status(`${prefix}/doc`)?.mode).toBe(0o755);
  });

  test("stays as it is when the next one comes, and that is said", async () => {
    const disk = personsPrefix();
    await mustChange(worldOn(disk), { add: [withMode(disk, a, 0o700)], remove: [] });
    const add = [withMode(disk, b, 0o755)];
    expect(await mustChange(worldOn(disk), { add, remove: [] })).toMatchObject({
      notes: ["the folder doc keeps its mode 700; in b it has 755"],
    });
    expect(disk.status(`${prefix}/doc`)?.mode).toBe(0o700);
  });

  test("is as a person made it, without a word", async () => {
    const disk = personsPrefix();
    disk.plant(prefix, { "doc/": { mode: 0o700 } });
    const add = [withMode(disk, a, 0o755)];
    expect(await mustChange(worldOn(disk), { add, remove: [] })).toMatchObject({ notes: [] });
    expect(disk.status(`${prefix}/doc`)?.mode).toBe(0o700);
  });
});
