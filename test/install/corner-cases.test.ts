/** Packages and machines at the edges of what a transaction allows. */
import { describe, expect, test } from "vitest";
import { collectDisplaced, type Incoming } from "../../src/install/index.ts";
import { openInstalled, readRecords } from "../../src/prefix/index.ts";
import { removeTree } from "../../src/world/index.ts";
import { type SimulatedDisk } from "../../src/world/simulated/index.ts";
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

async function install(disk: SimulatedDisk, ...specs: PackageSpec[]): Promise<void> {
  const add = specs.map((spec) => plantPackage(disk, spec));
  await mustChange(worldOn(disk), { add, remove: [] });
}

describe("linked directories", () => {
  test("a link to a directory whose parents the package does not bring", async () => {
    const { disk } = await setUp({
      name: "",
      installed: [{ name: "base", files: { "usr/lib/x": "x" } }],
      foreign: { lib64: "-> usr/lib" },
    });
    await install(disk, { name: "c", files: { "lib64/libc.so": "c" } });
    expect(view(disk)).toMatchObject({ "usr/lib/libc.so": "c" });
    expect(findings(disk)).toEqual([]);
  });

  test("links to links are followed to the end", async () => {
    const { disk } = await setUp({
      name: "",
      installed: [{ name: "base", files: { libx32: "-> lib", "lib/x": "x" } }],
      foreign: { lib64: "-> libx32" },
    });
    await install(disk, { name: "c", files: { "lib64/libc.so": "c" } });
    expect(view(disk)).toMatchObject({ "lib/libc.so": "c" });
  });

  const owner: PackageSpec = { name: "owner", files: { "a/link": "-> ../b", "b/x": "x" } };
  const user: PackageSpec = { name: "user", files: { "a/link/y": "y", "b/z": "z" } };
  const conflict = (names: { package: string; owner: string }, folder: string): object => ({
    kind: "conflict",
    conflicts: [{ kind: "owned", path: "a/link", ...names, folder }],
  });

  test.each([
    ["before", [owner], [user], conflict({ package: "user", owner: "owner" }, "package")],
    ["after", [user], [owner], conflict({ package: "owner", owner: "user" }, "owner")],
    ["together with", [], [user, owner], conflict({ package: "user", owner: "owner" }, "package")],
  ])(
    "a package's link is no folder for another's, %s it (I9)",
    async (_when, old, fresh, wanted) => {
      const { disk } = await setUp({ name: "", installed: old });
      const add = fresh.map((spec) => plantPackage(disk, spec));
      const before = view(disk);
      expect(await change(worldOn(disk), { add, remove: [] })).toEqual(wanted);
      expect(view(disk)).toEqual(before);
    },
  );

  test.each([
    ["one after the other", [[owner], [user]]],
    ["together", [[user, owner]]],
  ])("%s, it is one for a package that names it", async (_name, groups) => {
    const { disk } = await setUp({ name: "", installed: [] });
    for (const group of groups) {
      const add = group.map((spec) => ({
        ...plantPackage(disk, spec),
        throughLinks: spec === user ? ["a/link"] : [],
      }));
      await mustChange(worldOn(disk), { add, remove: [] });
    }
    expect(view(disk)).toMatchObject({ "b/x": "x", "b/y": "y", "b/z": "z" });
    expect(findings(disk)).toEqual([]);
  });

  test("nothing is looked up through a link that leaves", async () => {
    const { disk } = await setUp({
      name: "",
      installed: [{ name: "a", files: { x: "-> /usr", y: "-> y" } }],
    });
    disk.plant("/usr", { lib: { link: "lib64" }, "lib64/z": "z" });
    await install(disk, { name: "a", version: "2", files: { "x/lib/1": "1", "y/lib/1": "1" } });
    expect(view(disk)).toMatchObject({ "x/lib/1": "1", "y/lib/1": "1" });
  });

  test("links in a circle are a conflict", async () => {
    const { disk } = await setUp({
      name: "",
      installed: [{ name: "base", files: { a: "-> b", b: "-> a" } }],
      add: [{ name: "c", files: { "a/x": "c" } }],
    });
    const add = [plantPackage(disk, { name: "c", files: { "a/x": "c" } })];
    expect(await change(worldOn(disk), { add, remove: [] })).toMatchObject({ kind: "conflict" });
  });

  test.each([
    ["two files", { "lib/x": "one", "lib64/x": "two" }],
    ["a file and a directory", { "lib/x": "one", "lib64/x/y": "two" }],
  ])("%s of one package that come to one path are refused", async (_name, files) => {
    const { disk } = await setUp({
      name: "",
      installed: [{ name: "base", files: { lib64: "-> lib", "lib/base": "x" } }],
    });
    const add = [plantPackage(disk, { name: "c", files })];
    await expect(change(worldOn(disk), { add, remove: [] })).rejects.toMatchObject({
      kind: "conflict",
      code: "LINKED_PATHS_COLLIDE",
      message: expect.stringContaining("lib64/x"),
    });
    expect(disk.list(layout.transactions)).toHaveLength(1);
  });
});

describe("newcomers that disagree about a path", () => {
  test.each([
    ["a file and a directory", { "share/x": "file" }],
    ["a link and a directory", { "share/x": `-> ${prefix}/share/z` }],
  ])("%s are a conflict, and nothing is written meanwhile (I3)", async (_name, files: object) => {
    const { disk } = await setUp({
      name: "",
      installed: [],
      foreign: { "share/z/mine": "mine" },
    });
    const add = [
      plantPackage(disk, { name: "a", files: files as Record<string, string> }),
      plantPackage(disk, { name: "b", files: { "share/x/y": "inside" } }),
    ];
    let seenMeanwhile = false;
    disk.plan({ before: () => (seenMeanwhile ||= "share/z/y" in view(disk)) });
    expect(await change(worldOn(disk), { add, remove: [] })).toMatchObject({
      kind: "conflict",
      conflicts: [{ kind: "owned", path: "share/x", package: "b", owner: "a" }],
    });
    expect(seenMeanwhile).toBe(false);
  });
});

describe("taking over", () => {
  const a: PackageSpec = { name: "a", files: { "bin/tool": "a's", "lib/a": "a" } };
  const b: PackageSpec = { name: "b", files: { "bin/tool": "b's" }, takesOver: ["bin/tool"] };

  test.each([
    ["one after the other", [[a], [b]]],
    ["the other way round", [[b], [a]]],
    ["together", [[a, b]]],
  ])("%s, the path is the same package's (I9)", async (_name, groups) => {
    const { disk } = await setUp({ name: "", installed: [] });
    for (const group of groups) await install(disk, ...group);
    expect(view(disk)).toMatchObject({ "bin/tool": "b's", "lib/a": "a" });
    expect(findings(disk)).toEqual([]);
  });

  test.each([
    ["one after the other", [["a"], ["b"]]],
    ["the other way round", [["b"], ["a"]]],
    ["together", [["b", "a"]]],
  ])("each from the other, %s: the last by name has it (I9)", async (_name, groups) => {
    const { disk } = await setUp({ name: "", installed: [] });
    const both = new Map([
      ["a", { ...a, takesOver: ["bin/tool"] }],
      ["b", b],
    ]);
    for (const group of groups) await install(disk, ...group.map((name) => both.get(name) ?? a));
    expect(view(disk)).toMatchObject({ "bin/tool": "b's" });
  });

  test.each([
    ["one after the other", [[a], [b]]],
    ["the other way round", [[b], [a]]],
    ["together", [[a, b]]],
  ])("%s, what was ceded comes back when its owner leaves", async (_name, groups) => {
    const { disk } = await setUp({ name: "", installed: [] });
    for (const group of groups) await install(disk, ...group);
    for (const { version } of [a, b]) removeTree(disk, `/store/a-${version ?? "1"}`);
    const outcome = await mustChange(worldOn(disk), { add: [], remove: ["b"] });
    expect(view(disk)).toEqual({ bin: "/", "bin/tool": "a's", lib: "/", "lib/a": "a" });
    expect(outcome).toMatchObject({ notes: [expect.stringContaining("is a's again")] });
    expect(readRecords(disk, layout).get("a")).toMatchObject({ ceded: [] });
    expect(findings(disk)).toEqual([]);
  });

  test("it comes back, too, when its owner brings it no more", async () => {
    const { disk } = await setUp({ name: "", installed: [a, b] });
    await install(disk, { name: "b", version: "2", files: { "bin/other": "b's" } });
    expect(view(disk)).toMatchObject({ "bin/tool": "a's", "bin/other": "b's" });
    expect(findings(disk)).toEqual([]);
  });

  test("where its content is nowhere, it is said to be missing, and why", async () => {
    const { disk } = await setUp({ name: "", installed: [a, b] });
    collectDisplaced(worldOn(disk), layout, 0);
    const outcome = await mustChange(worldOn(disk), { add: [], remove: ["b"] });
    expect(view(disk)).toEqual({ bin: "/", lib: "/", "lib/a": "a" });
    expect(outcome).toMatchObject({ notes: [expect.stringContaining("install a again")] });
    expect(findings(disk)).toEqual([{ kind: "missing", package: "a", path: "bin/tool" }]);
    const gone = new Set(["bin/tool"]);
    await mustChange(worldOn(disk), { add: [plantPackage(disk, a)], remove: [], gone });
    expect(view(disk)).toMatchObject({ "bin/tool": "a's" });
  });

  test("of two that ceded it, the one has it that would have it without a third", async () => {
    const c: PackageSpec = { name: "c", files: { "bin/tool": "c's" }, takesOver: ["bin/tool"] };
    const { disk } = await setUp({ name: "", installed: [a, b, c] });
    expect(view(disk)).toMatchObject({ "bin/tool": "c's" });
    await mustChange(worldOn(disk), { add: [], remove: ["c"] });
    expect(view(disk)).toMatchObject({ "bin/tool": "b's" });
    await mustChange(worldOn(disk), { add: [], remove: ["b"] });
    expect(view(disk)).toMatchObject({ "bin/tool": "a's" });
    expect(findings(disk)).toEqual([]);
  });

  test("what an earlier tenon has ceded without a description is named", async () => {
    const { disk } = await setUp({ name: "", installed: [a, b] });
    const file = `${layout.packages}/a.json`;
    const record = JSON.parse(Buffer.from(disk.readFile(file)).toString());
    disk.removeFile(file);
    disk.createFile(file, JSON.stringify({ ...record, cededEntries: undefined }));
    const outcome = await mustChange(worldOn(disk), { add: [], remove: ["b"] });
    expect(outcome).toMatchObject({ notes: [expect.stringContaining("install a again")] });
    await install(disk, a);
    expect(view(disk)).toMatchObject({ "bin/tool": "a's" });
  });
});

describe("what several packages bring alike", () => {
  const init = { "lib/ns/__init__.py": "" };
  const a: PackageSpec = { name: "a", files: { ...init, "lib/ns/a.py": "a" } };
  const b: PackageSpec = { name: "b", files: { ...init, "lib/ns/b.py": "b" } };
  const other: PackageSpec = { name: "c", files: { "lib/ns/__init__.py": "c = 1" } };

  test.each([
    ["one after the other", [[a], [b]]],
    ["the other way round", [[b], [a]]],
    ["together", [[a, b]]],
  ])("%s, it is both's, and leaves with the last (I3)", async (_name, groups) => {
    const { disk } = await setUp({ name: "", installed: [] });
    for (const group of groups) await install(disk, ...group);
    const owners = [...openInstalled(disk, layout).ownersOf("lib/ns/__init__.py")];
    expect(owners.map(({ name }) => name).sort()).toEqual(["a", "b"]);
    expect(findings(disk)).toEqual([]);
    await mustChange(worldOn(disk), { add: [], remove: ["a"] });
    expect(view(disk)).toEqual({
      lib: "/",
      "lib/ns": "/",
      "lib/ns/__init__.py": "",
      "lib/ns/b.py": "b",
    });
    await mustChange(worldOn(disk), { add: [], remove: ["b"] });
    expect(view(disk)).toEqual({});
  });

  test.each([
    ["other content", other],
    ["another mode", { ...a, name: "c" }],
  ])("%s is a conflict that names both packages and the path", async (what, spec: PackageSpec) => {
    const { disk } = await setUp({ name: "", installed: [a, b] });
    const coming = plantPackage(disk, spec);
    const executable = coming.manifest.map((entry) =>
      entry.type === "file" ? { ...entry, mode: 0o755 } : entry,
    );
    const add = [what === "another mode" ? { ...coming, manifest: executable } : coming];
    expect(await change(worldOn(disk), { add, remove: [] })).toMatchObject({
      kind: "conflict",
      conflicts: expect.arrayContaining([
        { kind: "owned", path: "lib/ns/__init__.py", package: "c", owner: "a" },
      ]),
    });
  });

  test("an upgrade of one of them to other content is a conflict, of both it is none", async () => {
    const { disk } = await setUp({ name: "", installed: [a, b] });
    const newInit = { "lib/ns/__init__.py": "new = 1" };
    const [a2, b2] = [a, b].map((spec) =>
      plantPackage(disk, { ...spec, version: "2", files: { ...spec.files, ...newInit } }),
    ) as [Incoming, Incoming];
    expect(await change(worldOn(disk), { add: [a2], remove: [] })).toEqual({
      kind: "conflict",
      conflicts: [{ kind: "owned", path: "lib/ns/__init__.py", package: "a", owner: "b" }],
    });
    await mustChange(worldOn(disk), { add: [a2, b2], remove: [] });
    expect(view(disk)).toMatchObject(newInit);
    expect(findings(disk)).toEqual([]);
  });

  test("who takes it over takes it over from all, and gives it back to all", async () => {
    const { disk } = await setUp({ name: "", installed: [a, b] });
    await install(disk, { ...other, takesOver: ["lib/ns/__init__.py"] });
    expect(view(disk)).toMatchObject(other.files);
    await mustChange(worldOn(disk), { add: [], remove: ["c"] });
    expect(view(disk)).toMatchObject(init);
    await mustChange(worldOn(disk), { add: [], remove: ["b"] });
    expect(view(disk)).toMatchObject(init);
    expect(findings(disk)).toEqual([]);
  });

  test("what somebody has broken is put right with any of its owners", async () => {
    const { disk } = await setUp({ name: "", installed: [a, b] });
    removeTree(disk, `${prefix}/lib/ns/__init__.py`);
    plantForeign(disk, { "lib/ns/__init__.py": "-> a.py" });
    const repair = new Set(["lib/ns/__init__.py"]);
    await mustChange(worldOn(disk), { add: [plantPackage(disk, a)], remove: [], repair });
    expect(findings(disk)).toEqual([]);
  });
});

describe("repairs", () => {
  test("of one file leave another, which is lost, missing", async () => {
    const a = { name: "a", files: { "bin/x": "1", "bin/y": "1", "lib/z": "1", "share/w": "1" } };
    const { disk } = await setUp({ name: "", installed: [a] });
    for (const path of ["bin/x", "bin/y", "lib"]) removeTree(disk, `${prefix}/${path}`);
    const add = [plantPackage(disk, a)];
    const [repair, gone] = [new Set(["bin/x"]), new Set(["bin/x", "bin/y", "lib/z"])];
    await mustChange(worldOn(disk), { add, remove: [], repair, gone });
    expect(view(disk)).toEqual({ bin: "/", "bin/x": "1", share: "/", "share/w": "1" });
    expect(findings(disk)).toHaveLength(3);
  });
});

describe("what is asked for", () => {
  test("a name that is to be removed twice is removed once", async () => {
    const { disk } = await setUp({ name: "", installed: [{ name: "a", files: { x: "1" } }] });
    await mustChange(worldOn(disk), { add: [], remove: ["a", "a", "unknown"] });
    expect(recorded(disk)).toEqual({});
    const history = disk.list(layout.history).at(-1)?.name ?? "";
    expect(Buffer.from(disk.readFile(`${layout.history}/${history}`)).toString()).not.toContain(
      "unknown",
    );
  });

  test("a package that is removed and added is replaced", async () => {
    const { disk } = await setUp({ name: "", installed: [{ name: "a", files: { x: "1" } }] });
    const add = [plantPackage(disk, { name: "a", version: "2", files: { x: "2" } })];
    await mustChange(worldOn(disk), { add, remove: ["a"] });
    expect(recorded(disk)).toEqual({ a: "2" });
    expect(view(disk)).toEqual({ x: "2" });
  });

  test("a package that owns nothing", async () => {
    const { disk } = await setUp({ name: "", installed: [] });
    await install(disk, { name: "a", files: {} });
    await install(disk, { name: "a", version: "2", files: {} });
    expect(recorded(disk)).toEqual({ a: "2" });
    await mustChange(worldOn(disk), { add: [], remove: ["a"] });
    expect(recorded(disk)).toEqual({});
  });

  test("two transactions of one process at the same moment", async () => {
    const { disk } = await setUp({ name: "", installed: [] });
    const world = worldOn(disk);
    for (const name of ["a", "b"]) {
      const add = [plantPackage(disk, { name, files: { [name]: name } })];
      await mustChange(world, { add, remove: [] });
    }
    expect(recorded(disk)).toEqual({ a: "1", b: "1" });
  });

  test("packages that own what leads to tenon's own folder leave it where it is", async () => {
    const { disk } = await setUp({ name: "", installed: [] });
    await install(disk, { name: "a", files: { "var/lib/a": "1", "var/log/": "" } });
    await install(disk, { name: "a", version: "2", files: { "var/lib/": "" } });
    await mustChange(worldOn(disk), { add: [], remove: ["a"] });
    expect(Object.keys(disk.snapshot(`${prefix}/var`))).not.toContain("log");
    expect(recorded(disk)).toEqual({});
  });
});

describe("folders of transactions", () => {
  test("the folder of a dead transaction is removed, one that is being filled is not", async () => {
    const { disk } = await setUp({ name: "", installed: [] });
    const [dead, alive] = ["20240101T000000Z-1", "20240101T000000Z-2"] as const;
    disk.plant(`${layout.transactions}/${dead}`, { "new/x": "1", lock: "" });
    disk.plant(`${layout.transactions}/${alive}`, { "new/x": "1", lock: "" });
    const held = disk.asProcess("alive").tryLock(`${layout.transactions}/${alive}/lock`);
    await install(disk, { name: "a", files: { x: "1" } });
    const names = disk.list(layout.transactions).map(({ name }) => name);
    expect(names).toContain(alive);
    expect(names).not.toContain(dead);
    held?.release();
  });

  test("a folder that may not be removed hinders nobody", async () => {
    const { disk } = await setUp({ name: "", installed: [] });
    disk.plant(`${layout.transactions}/another`, { "new/x": "1", lock: "" });
    disk.setMode(`${layout.transactions}/another`, 0o555);
    disk.setMode(`${layout.transactions}/another/lock`, 0o000);
    await install(disk, { name: "a", files: { x: "1" } });
    expect(recorded(disk)).toEqual({ a: "1" });
  });

  test("a foreign file is named with the package that wants its path", async () => {
    const { disk } = await setUp({ name: "", installed: [] });
    plantForeign(disk, { "bin/a": "mine", "bin/b": "mine" });
    const add = ["a", "b"].map((name) =>
      plantPackage(disk, { name, files: { [`bin/${name}`]: name } }),
    );
    expect(await change(worldOn(disk), { add, remove: [] })).toEqual({
      kind: "conflict",
      conflicts: [
        { kind: "foreign", path: "bin/a", package: "a" },
        { kind: "foreign", path: "bin/b", package: "b" },
      ],
    });
  });
});
