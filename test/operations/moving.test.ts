/** Clones, moves and relocations: what names the old path names the new one, all else is shared, and nothing is lost. */
import { beforeEach, describe, expect, test } from "vitest";
import { clonePrefix } from "../../src/operations/moving/clone.ts";
import { movePrefix } from "../../src/operations/moving/move.ts";
import { relocateTree } from "../../src/operations/moving/relocate-tree.ts";
import { describeLeft } from "../../src/operations/moving/rename-file.ts";
import { removePackages } from "../../src/operations/remove.ts";
import { layoutOf, readRecords, tryLockPrefix, verifyRecords } from "../../src/prefix/index.ts";
import { exists, readText } from "../../src/world/index.ts";
import type { SimulatedWorld, Snapshot } from "../../src/world/simulated/index.ts";
import { layout, old, plantOld, prefixOn, record, row, script } from "./old-prefix.ts";

const to = "/srv/new";
const wanted = { to, link: "hardlink", force: false } as const;

let world: SimulatedWorld;
beforeEach(async () => {
  world = await plantOld();
});

function textAt(path: string, place = to): string {
  return readText(world.disk, `${place}/${path}`);
}

function expectPackagesAt(place: string): void {
  expect(textAt("bin/run", place)).toBe(script(place));
  expect(textAt("bin/tool", place)).toBe(script(place));
  expect(textAt("lib/data", place)).toBe(`\0${place.padEnd(96, "/")}/share\0`);
  expect(textAt(record("app"), place)).toBe(row(script(place)));
  expect(textAt(record("tool"), place)).toBe(row(script(place)).replace("run", "tool"));
  expect(world.disk.readLink(`${place}/share/abs`)).toBe("../bin/tool");
  const records = readRecords(world.disk, layoutOf(place));
  expect([...records.keys()]).toEqual(["app", "tool"]);
  expect(verifyRecords(world.disk, layoutOf(place), records.values())).toEqual([]);
}

/** Without tenon's own: who locks a prefix writes that down. */
function foreignAndPackages(snapshot: Snapshot): unknown {
  return Object.entries(snapshot).filter(([path]) => !path.startsWith("var/"));
}

function expectNothingBeside(): void {
  const names = [...world.disk.list("/srv"), ...world.disk.list("/opt")].map(({ name }) => name);
  expect(names.filter((name) => name.startsWith("."))).toEqual([]);
}

describe("clone", () => {
  test("packages come in one transaction, and share what names neither path", async () => {
    const before = world.disk.snapshot(old);
    const ended = await clonePrefix(prefixOn(world), wanted);
    expect(ended).toMatchObject({
      kind: "done",
      value: {
        kind: "cloned",
        from: old,
        to,
        packages: 2,
        files: 8,
        rewritten: 5,
        foreign: 2,
        left: [],
      },
    });
    expectPackagesAt(to);
    const inode = (place: string): unknown => world.disk.status(`${place}/lib/plain`)?.inode;
    expect(inode(to)).toBe(inode(old));
    expect(exists(world.disk, `${to}/mine`)).toBe(false);
    expect(world.disk.list(layoutOf(to).history)).toHaveLength(1);
    expect(world.disk.snapshot(old)).toEqual(before);
    expectNothingBeside();
    const facts = (place: string): unknown =>
      [...readRecords(world.disk, layoutOf(place)).values()].map(
        ({ artifact, key, pins, depends, version }) => [artifact, key, pins, depends, version],
      );
    expect(facts(to)).toEqual(facts(old));
  });

  test.each(["copy", "reflink"] as const)("with --link %s nothing is shared", async (link) => {
    await clonePrefix(prefixOn(world), { ...wanted, link });
    expectPackagesAt(to);
    const inode = (place: string): unknown => world.disk.status(`${place}/lib/plain`)?.inode;
    expect(inode(to)).not.toBe(inode(old));
  });

  test("an empty folder is filled, and keeps its mode", async () => {
    world.disk.plant("/srv", { "new/": { mode: 0o750 } });
    await clonePrefix(prefixOn(world), wanted);
    expectPackagesAt(to);
    expect(world.disk.status(to)?.mode).toBe(0o750);
  });

  test("a dry run makes nothing", async () => {
    const before = world.disk.snapshot("/");
    const ended = await clonePrefix(prefixOn(world, { dryRun: true }), wanted);
    expect(ended).toMatchObject({ kind: "planned", value: { kind: "cloned", rewritten: 5 } });
    expect(world.disk.snapshot("/")).toEqual(before);
  });
});

describe("clone refuses", () => {
  test.each([
    ["is not empty", { new: { "a/b": "x" } }, to, "PLACE_TAKEN"],
    ["is a file", { new: undefined }, to, "PLACE_TAKEN"],
    ["lies in the old one", {}, `${old}/lib/new`, "WRONG_PLACE"],
    ["holds the old one", {}, "/opt", "WRONG_PLACE"],
    ["is the root", {}, "/", "WRONG_PLACE"],
    ["is too long", {}, `/srv/${"x".repeat(100)}`, "WRONG_PLACE"],
    ["has a character that no file can take", {}, "/srv/n w", "WRONG_PLACE"],
  ])("a place that %s is refused", async (_what, there, place, code) => {
    if ("new" in there)
      world.disk.plant("/srv", there.new === undefined ? { new: "x" } : { "new/a/b": "x" });
    const before = world.disk.snapshot("/");
    await expect(clonePrefix(prefixOn(world), { ...wanted, to: place })).rejects.toMatchObject({
      code,
    });
    expect(world.disk.snapshot("/")).toEqual(before);
  });

  test("a prefix that is not as recorded is refused, with the finding", async () => {
    world.disk.removeFile(`${old}/lib/plain`);
    const error = clonePrefix(prefixOn(world), wanted);
    await expect(error).rejects.toMatchObject({
      code: "NOT_AS_RECORDED",
      lines: expect.arrayContaining(["  missing lib/plain (app)"]),
    });
    expect(exists(world.disk, to)).toBe(false);
  });

  test("a change of the prefix meanwhile is noticed", async () => {
    const other = { ...world, disk: world.disk.asProcess("other") };
    const change = removePackages(prefixOn(other), { names: ["tool"], force: true });
    const both = await Promise.allSettled([clonePrefix(prefixOn(world), wanted), change]);
    expect(both[1]?.status).toBe("fulfilled");
    if (both[0]?.status === "rejected")
      expect(both[0].reason).toMatchObject({
        code: expect.stringMatching(/CHANGED|RECORDED|UNFINISHED/),
      });
    else expect(readRecords(world.disk, layoutOf(to)).size).toBeGreaterThan(0);
  });

  test("what names the old path in a way that no search can put right is refused, unless forced", async () => {
    world = await plantOld({ "lib/counted": `s:8:"${old}"`, "lib/short": `\0${old}\0` });
    const place = "/srv/longer-than-before";
    const refused = await clonePrefix(prefixOn(world), { ...wanted, to: place });
    expect(refused).toMatchObject({ kind: "done", value: { kind: "refused" } });
    const left = "value" in refused ? refused.value.left.map(describeLeft) : [];
    expect(left).toEqual([
      "tool: lib/counted has the prefix's path behind its length (text, at byte 5)",
      "tool: lib/short has the old path, of 8 bytes, where the new one has 23 (data, at byte 1)",
    ]);
    expect(exists(world.disk, place)).toBe(false);
    await clonePrefix(prefixOn(world), { ...wanted, to: place, force: true });
    expectPackagesAt(place);
    expect(textAt("lib/short", place)).toBe(`\0${old}\0`);
  });
});

describe("move", () => {
  test("all that is there comes along, and the old one is gone", async () => {
    const ended = await movePrefix(prefixOn(world), wanted);
    expect(ended).toMatchObject({
      kind: "done",
      value: { kind: "moved", packages: 2, foreign: 4, foreignRewritten: 2, left: [] },
    });
    expectPackagesAt(to);
    expect(textAt("mine/note")).toBe(`see ${to}/bin\n`);
    expect(textAt("mine/deep/plain") + textAt("lib/own")).toBe("mine\nmine\n");
    expect(world.disk.readLink(`${to}/mine/link`)).toBe("../bin/run");
    expect(exists(world.disk, old)).toBe(false);
    expectNothingBeside();
  });

  test("there and back again", async () => {
    const before = world.disk.snapshot(`${old}/lib`);
    await movePrefix(prefixOn(world), wanted);
    await movePrefix(prefixOn(world, { layout: layoutOf(to) }), { ...wanted, to: old });
    expectPackagesAt(old);
    expect(Object.keys(world.disk.snapshot(`${old}/lib`))).toEqual(Object.keys(before));
    expect(textAt("mine/note", old)).toBe(`see ${old}/bin\n`);
  });

  test("a dry run tells it, and changes nothing", async () => {
    const before = world.disk.snapshot("/");
    const ended = await movePrefix(prefixOn(world, { dryRun: true }), wanted);
    expect(ended).toMatchObject({ kind: "planned", value: { kind: "moved", foreignRewritten: 2 } });
    expect(world.disk.snapshot("/")).toEqual(before);
  });

  test("it waits for who changes the prefix, or refuses", async () => {
    tryLockPrefix({ ...world, disk: world.disk.asProcess("other") }, layout, "tenon build");
    const moved = movePrefix(prefixOn(world, { noWait: true }), wanted);
    await expect(moved).rejects.toMatchObject({ code: "PREFIX_LOCKED" });
    expect(exists(world.disk, to)).toBe(false);
  });

  test("what cannot come along changes nothing", async () => {
    world = await plantOld({ "lib/counted": `s:8:"${old}"` });
    const before = world.disk.snapshot(old);
    const refused = await movePrefix(prefixOn(world), { ...wanted, to: "/srv/another" });
    expect(refused).toMatchObject({ value: { kind: "refused" } });
    expect(foreignAndPackages(world.disk.snapshot(old))).toEqual(foreignAndPackages(before));
  });

  test("where the clone is there already, it says what to do", async () => {
    await clonePrefix(prefixOn(world), wanted);
    const moved = movePrefix(prefixOn(world), wanted);
    await expect(moved).rejects.toMatchObject({ code: "MOVED_BEFORE" });
    expect(textAt("bin/run", old)).toBe(script(old));
  });
});

describe("relocate", () => {
  test("a tree without records: a copy that names the other path", async () => {
    world.disk.plant("/a/tree", {
      "bin/run": { content: script("/a/tree"), mode: 0o755 },
      "lib/abs": { link: "/a/tree/bin/run" },
      "lib/plain": "x",
      "lib/__pycache__/x.pyc": "x",
      "site/x-1.dist-info/RECORD": row(script("/a/tree")).replace("../../", "../"),
    });
    const before = world.disk.snapshot("/a/tree");
    const prefix = prefixOn(world, { layout: layoutOf("/a/tree") });
    const ended = await relocateTree(prefix, wanted);
    expect(ended).toMatchObject({
      value: { kind: "relocated", foreign: 4, foreignRewritten: 2, left: [] },
    });
    expect(textAt("bin/run")).toBe(script(to));
    expect(world.disk.status(`${to}/bin/run`)?.mode).toBe(0o755);
    expect(world.disk.readLink(`${to}/lib/abs`)).toBe("../bin/run");
    expect(textAt("site/x-1.dist-info/RECORD")).toBe(row(script(to)).replace("../../", "../"));
    expect(exists(world.disk, `${to}/lib/__pycache__`)).toBe(false);
    expect(world.disk.snapshot("/a/tree")).toEqual(before);
  });

  test("a prefix that somebody has moved is put right where it is", async () => {
    world.disk.plant("/srv", {});
    world.disk.rename(old, to);
    const ended = await relocateTree(prefixOn(world), wanted);
    expect(ended).toMatchObject({ value: { packages: 2, foreign: 4, left: [] } });
    expectPackagesAt(to);
    expect(textAt("mine/note")).toBe(`see ${to}/bin\n`);
    expectNothingBeside();
  });

  test("what is left is told, and the rest is made", async () => {
    world.disk.plant("/a/t", { "lib/x": "\0/a/t/lib\0", "lib/y": "/a/t\n" });
    const ended = await relocateTree(prefixOn(world, { layout: layoutOf("/a/t") }), wanted);
    expect(ended).toMatchObject({ value: { left: [{ path: "lib/x", offset: 1 }] } });
    expect(textAt("lib/y")).toBe(`${to}\n`);
  });

  test("where neither is there, it says so", async () => {
    const prefix = prefixOn(world, { layout: layoutOf("/no/such") });
    await expect(relocateTree(prefix, wanted)).rejects.toMatchObject({ code: "NO_TREE" });
  });
});
