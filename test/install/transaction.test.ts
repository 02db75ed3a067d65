/** A transaction does what each scenario says, and nothing else. */
import { describe, expect, test } from "vitest";
import { createSimulatedDisk } from "../../src/world/simulated/index.ts";
import {
  change,
  findings,
  layout,
  mustChange,
  plantForeign,
  plantPackage,
  prefix,
  recorded,
  setUp,
  view,
  worldOn,
} from "./stack.ts";
import { scenarios } from "./scenarios.ts";
import { readRecords } from "../../src/prefix/index.ts";

describe("every scenario", () => {
  test.each(scenarios.map((each) => [each.name, each] as const))("%s", async (_name, scenario) => {
    const { disk, change: wanted } = await setUp(scenario);
    await mustChange(worldOn(disk), wanted, scenario.on);
    // A rollback brings back what somebody had changed by hand.
    if (scenario.rollBack === undefined) expect(findings(disk)).toEqual([]);
    for (const [path, content] of Object.entries(scenario.foreign ?? {})) {
      if (path.includes("__pycache__")) continue;
      const now = view(disk);
      const places = scenario.takesForeign === true ? [path, `${path}.tenon-save`] : [path];
      expect(places.map((place) => now[place])).toContain(content);
    }
    expect(disk.status(layout.journal)).toBeUndefined();
  });
});

test("an empty prefix is changed by one graft a top-level directory", async () => {
  const disk = createSimulatedDisk();
  const a = plantPackage(disk, {
    name: "a",
    files: { "lib/x/1": "1", "lib/x/2": "2", "bin/a": "a" },
  });
  const b = plantPackage(disk, { name: "b", files: { "lib/x/3": "3", "lib/y/4": "4" } });
  const outcome = await mustChange(worldOn(disk), { add: [a, b], remove: [] });
  // bin, lib, two records and the history entry
  expect(outcome).toMatchObject({ steps: 5 });
  expect(view(disk)).toMatchObject({
    "lib/x/1": "1",
    "lib/x/3": "3",
    "lib/y/4": "4",
    "bin/a": "a",
  });
});

test("a directory of one package is exchanged whole", async () => {
  const { disk, change: wanted } = await setUp({
    name: "",
    installed: [
      { name: "a", files: { "share/a/1": "1", "share/a/2": "1" } },
      { name: "b", files: { "share/b/1": "1" } },
    ],
    add: [{ name: "a", version: "2", files: { "share/a/1": "2", "share/a/3": "2" } }],
  });
  disk.plan({});
  await mustChange(worldOn(disk), wanted);
  const exchanges = disk.operations.filter(({ name }) => name === "exchange");
  expect(exchanges.map(({ to }) => to)).toEqual([`${prefix}/share/a`, `${layout.packages}/a.json`]);
  expect(view(disk)).toEqual({
    share: "/",
    "share/a": "/",
    "share/a/1": "2",
    "share/a/3": "2",
    "share/b": "/",
    "share/b/1": "1",
  });
});

test("programs come after libraries, records after all", async () => {
  const { disk, change: wanted } = await setUp({
    name: "",
    installed: [{ name: "b", files: { "bin/b": "1", "lib/b": "1", "share/b": "1" } }],
    add: [{ name: "a", files: { "bin/a": "1", "lib/a": "1", "share/a": "1" } }],
  });
  disk.plan({});
  await mustChange(worldOn(disk), wanted);
  const grafted = disk.operations
    .filter(({ name, to }) => name === "rename" && to?.startsWith(`${prefix}/`))
    .map(({ to }) => to?.slice(prefix.length + 1))
    .filter((path) => !path?.includes("journal.json"));
  expect(grafted.slice(0, 4)).toEqual([
    "lib/a",
    "share/a",
    "bin/a",
    "var/lib/tenon/packages/a.json",
  ]);
});

test("a path of another package is a conflict that names both, and nothing is touched", async () => {
  const { disk, change: wanted } = await setUp({
    name: "",
    installed: [{ name: "a", files: { "bin/tool": "a" } }],
    add: [{ name: "b", files: { "bin/tool": "b", "lib/b": "b" } }],
  });
  const before = disk.snapshot(prefix);
  expect(await change(worldOn(disk), wanted)).toEqual({
    kind: "conflict",
    conflicts: [{ kind: "owned", path: "bin/tool", package: "b", owner: "a" }],
  });
  expect(without(disk.snapshot(prefix), "var/lib/tenon/lock")).toEqual(
    without(before, "var/lib/tenon/lock"),
  );
});

test("two newcomers with one path are a conflict", async () => {
  const disk = createSimulatedDisk();
  const add = ["a", "b"].map((name) => plantPackage(disk, { name, files: { "bin/tool": name } }));
  expect(await change(worldOn(disk), { add, remove: [] })).toMatchObject({
    conflicts: [{ kind: "owned", path: "bin/tool", package: "b", owner: "a" }],
  });
});

test.each([
  ["a foreign file", { "bin/tool": "mine" }, "bin/tool"],
  ["a foreign link", { "bin/tool": "-> elsewhere" }, "bin/tool"],
  ["a foreign directory where a file comes", { "bin/tool/x": "mine" }, "bin/tool"],
])("%s is never overwritten (I5)", async (_name, foreign: Record<string, string>, path) => {
  const { disk, change: wanted } = await setUp({
    name: "",
    installed: [],
    foreign,
    add: [{ name: "a", files: { "bin/tool": "a" } }],
  });
  expect(await change(worldOn(disk), wanted)).toEqual({
    kind: "conflict",
    conflicts: [{ kind: "foreign", path, package: "a" }],
  });
  expect(view(disk)).toMatchObject(foreign);
});

test("a stage that reaches into tenon's own folder is refused", async () => {
  const disk = createSimulatedDisk();
  const add = [plantPackage(disk, { name: "a", files: { "var/lib/tenon/packages/b.json": "{}" } })];
  expect(await change(worldOn(disk), { add, remove: [] })).toMatchObject({
    kind: "conflict",
    conflicts: [{ kind: "state" }, { kind: "state" }, { kind: "state" }],
  });
});

test("what is next to tenon's own folder is a package's like any other", async () => {
  const { disk, change: wanted } = await setUp({
    name: "",
    installed: [{ name: "a", files: { "var/lib/a/x": "1" } }],
    add: [{ name: "a", version: "2", files: { "var/lib/a/x": "2", "var/cache/y": "2" } }],
  });
  await mustChange(worldOn(disk), wanted);
  expect(disk.snapshot(prefix)).toMatchObject({
    "var/lib/a/x": { content: "2" },
    "var/cache/y": { content: "2" },
  });
});

test("stale bytecode goes with its source, other bytecode stays", async () => {
  const scenario = scenarios.find(({ name }) => name.startsWith("bytecode"));
  if (scenario === undefined) throw new Error("no such scenario");
  const { disk, change: wanted } = await setUp(scenario);
  await mustChange(worldOn(disk), wanted);
  const caches = Object.keys(view(disk)).filter((path) => path.endsWith(".pyc"));
  expect(caches).toEqual(["lib/python3/site-packages/__pycache__/o.cpython-311.pyc"]);
});

test("a path that was taken over is no longer the first owner's", async () => {
  const { disk, change: wanted } = await setUp({
    name: "",
    installed: [{ name: "a", files: { "bin/tool": "a's", "lib/a": "a" } }],
    add: [{ name: "b", files: { "bin/tool": "b's" }, takesOver: ["bin/tool"] }],
  });
  await mustChange(worldOn(disk), wanted);
  const records = readRecords(disk, layout);
  expect(records.get("a")).toMatchObject({ ceded: ["bin/tool"] });
  expect(records.get("a")?.manifest.map(({ path }) => path)).toEqual(["bin", "lib", "lib/a"]);
  const again = plantPackage(disk, {
    name: "a",
    version: "2",
    files: { "bin/tool": "a's again", "lib/a": "2" },
  });
  await mustChange(worldOn(disk), { add: [again], remove: [] });
  expect(view(disk)).toMatchObject({ "bin/tool": "b's", "lib/a": "2" });
});

test("lib64 is joined through the link, and owned by its real path", async () => {
  const { disk, change: wanted } = await setUp({
    name: "",
    installed: [],
    add: [
      { name: "venv", files: { lib64: "-> lib", "lib/x": "x" } },
      { name: "c", files: { "lib64/libc.so": "c" } },
    ],
  });
  await mustChange(worldOn(disk), wanted);
  expect(view(disk)).toMatchObject({ lib64: "-> lib", "lib/libc.so": "c" });
  const owned = readRecords(disk, layout)
    .get("c")
    ?.manifest.map(({ path }) => path);
  expect(owned).toEqual(["lib", "lib/libc.so"]);
});

test("a file made at the last moment in a directory that is exchanged is carried over", async () => {
  const { disk, change: wanted } = await setUp({
    name: "",
    installed: [{ name: "a", files: { "share/a/x": "1" } }],
    add: [{ name: "a", version: "2", files: { "share/a/x": "2" } }],
  });
  disk.plan({
    before: (_n, operation) => {
      if (operation.name === "exchange" && operation.to === `${prefix}/share`) {
        plantForeign(disk, { "share/a/late": "mine" });
      }
    },
  });
  await mustChange(worldOn(disk), wanted);
  expect(view(disk)).toMatchObject({ "share/a/x": "2", "share/a/late": "mine" });
});

test("a file made at the last moment where a graft goes is kept, and is a conflict", async () => {
  const { disk, change: wanted } = await setUp({
    name: "",
    installed: [{ name: "b", files: { "bin/b": "b" } }],
    add: [{ name: "a", files: { "bin/a": "a", "lib/a": "a" } }],
  });
  disk.plan({
    before: (_n, operation) => {
      if (operation.name === "rename" && operation.to === `${prefix}/bin/a`) {
        if (disk.status(`${prefix}/bin/a`) === undefined) plantForeign(disk, { "bin/a": "mine" });
      }
    },
  });
  expect(await change(worldOn(disk), wanted)).toMatchObject({
    kind: "conflict",
    conflicts: [{ kind: "foreign", path: "bin/a" }],
  });
  expect(view(disk)).toEqual({ bin: "/", "bin/a": "mine", "bin/b": "b" });
  expect(recorded(disk)).toEqual({ b: "1" });
});

function without(snapshot: object, path: string): object {
  return Object.fromEntries(Object.entries(snapshot).filter(([name]) => name !== path));
}
