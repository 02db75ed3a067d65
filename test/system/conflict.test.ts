/** One path has one content (I3), what a user put into the prefix is never lost (I5); remove, verify. */
import * as fs from "node:fs";
import { afterEach, describe, expect, test } from "vitest";
import { libbell, ringer } from "./stack.ts";
import {
  linesOf,
  noView,
  openWorkshop,
  skippedWord,
  runInstalled,
  type Workshop,
} from "./workshop.ts";

let shop: Workshop;
afterEach(() => shop.dispose());

function writer(name: string, path: string): string {
  return `name = "${name}"
version = "1"
[build]
script = '''
mkdir -p "$DESTDIR$PREFIX/share"
echo ${name} >"$DESTDIR$PREFIX/share/${path}"
echo ${name} >>"$TALLY"
'''
`;
}

const rivals = {
  "packages/first.toml": writer("first", "same"),
  "packages/second.toml": writer("second", "same"),
  "packages/third.toml": writer("third", "other"),
};

describe("two packages with one path", () => {
  test.skipIf(noView !== undefined)(
    `are refused as soon as the second one is finished${skippedWord}`,
    async () => {
      shop = openWorkshop(rivals);
      const ended = await shop.run(["build", "-j", "1"]);
      expect(ended).toMatchObject({ code: 3, stdout: "" });
      expect(linesOf(ended.stderr).slice(-3)).toEqual([
        "conflict: the prefix is unchanged",
        "  share/same comes with second, but belongs to first",
        "  hint: Leave the path out of one of the two packages with stage.drop, or give it to one of them with stage.takes-over.",
      ]);
      expect(shop.tally()).toEqual(["first", "second"]);
      expect(shop.tree()["share/same"]).toBeUndefined();
    },
  );

  test("are reconciled by stage.takes-over", async () => {
    shop = openWorkshop(rivals);
    shop.edit("packages/second.toml", "[build]", '[stage]\ntakes-over = ["share/same"]\n[build]');
    await shop.must("build");
    expect(fs.readFileSync(`${shop.prefix}/share/same`, "utf8")).toBe("second\n");
    expect(await shop.must("owner", "share/same")).toBe("share/same: second\n");
    expect(await shop.must("verify")).toMatch(/^ok: 2 files of 3 packages/);
    expect(await shop.must("build")).toMatch(/^nothing to do/);
  });
});

test("a user's own file is in nobody's way, but is not overwritten", async () => {
  shop = openWorkshop({ "packages/first.toml": writer("first", "same") });
  fs.mkdirSync(`${shop.prefix}/share`, { recursive: true });
  fs.writeFileSync(`${shop.prefix}/share/same`, "mine\n");
  fs.writeFileSync(`${shop.prefix}/share/notes`, "mine too\n");
  const before = shop.tree();
  const ended = await shop.run(["build"]);
  expect(ended).toMatchObject({ code: 3, stdout: "" });
  expect(linesOf(ended.stderr).slice(-3)).toEqual([
    "conflict: the prefix is unchanged",
    "  share/same comes with first, but there is already a file that no package owns",
    "  hint: Move the file away, or remove it.",
  ]);
  const { var: _state, "var/lib": _lib, ...after } = shop.tree();
  expect(after).toEqual(before);

  fs.rmSync(`${shop.prefix}/share/same`);
  await shop.must("build");
  expect(fs.readFileSync(`${shop.prefix}/share/notes`, "utf8")).toBe("mine too\n");
  expect(await shop.must("verify")).toContain("\n1 path owned by no package:\n  share/notes\n");
});

describe("remove", () => {
  test("is refused while another package needs it", async () => {
    shop = openWorkshop({ ...libbell, ...ringer });
    await shop.must("build");
    const before = shop.tree();
    expect(await shop.run(["remove", "libbell"])).toMatchObject({
      code: 3,
      stdout: "",
      stderr:
        "error: not removed: ringer needs libbell\n" +
        "  hint: Remove the packages that need it too, or use --force.\n",
    });
    expect(shop.tree()).toEqual(before);
    expect(await shop.must("remove", "--force", "libbell")).toBe("removed 1 package: libbell\n");
    expect(Object.keys(shop.tree())).toContain("bin/ringer");
    expect(Object.keys(shop.tree()).filter((path) => /bell/.test(path))).toEqual([]);
    expect(await shop.must("build")).toMatch(/^done: 0 packages built, 1 changed in the prefix/);
    expect(shop.tree()).toEqual(before);
    expect(await shop.must("remove", "ringer", "libbell")).toMatch(/^removed 2 packages: /);
    expect(Object.keys(shop.tree()).filter((path) => !path.startsWith("var"))).toEqual([]);
    expect(await shop.must("list")).toBe("no packages\n");
  });

  test("names the nearest package", async () => {
    shop = openWorkshop(libbell);
    await shop.must("build");
    const ended = await shop.run(["remove", "libell"]);
    expect(ended).toMatchObject({ code: 2 });
    expect(ended.stderr).toContain("hint: Did you mean libbell?");
  });
});

test("verify finds what is changed, missing, or has another mode or target", async () => {
  shop = openWorkshop({ ...libbell, ...ringer });
  await shop.must("build");
  fs.appendFileSync(`${shop.prefix}/include/bell.h`, "\n");
  fs.chmodSync(`${shop.prefix}/bin/ringer`, 0o700);
  fs.rmSync(`${shop.prefix}/lib/libbell.so.1`);
  fs.rmSync(`${shop.prefix}/lib/libbell.so`);
  fs.symlinkSync("elsewhere", `${shop.prefix}/lib/libbell.so`);
  const ended = await shop.run(["verify"]);
  expect(ended).toMatchObject({ code: 1, stderr: "" });
  expect(linesOf(ended.stdout)).toEqual([
    "changed include/bell.h (libbell)",
    "target lib/libbell.so (libbell): elsewhere, not libbell.so.1",
    "missing lib/libbell.so.1 (libbell)",
    "mode bin/ringer (ringer): 700, not 755",
    "differs: 4 differences in 4 files of 2 packages",
  ]);
  expect(await shop.run(["verify", "ringer"])).toMatchObject({ code: 1 });
  const facts = JSON.parse((await shop.run(["verify", "--json"])).stdout);
  expect(facts.findings).toHaveLength(4);
});

test("a program that a build replaces is the old or the new one", async () => {
  shop = openWorkshop({ ...libbell, ...ringer });
  await shop.must("build");
  expect(runInstalled(`${shop.prefix}/bin/ringer`)).toBe("ding\nding\nding\n");
  shop.edit("libbell/bell.c", "return 3", "return 1");
  const building = shop.start(["build"]);
  const heard = new Set<string>();
  const ended = building.ended.then(({ code }) => code);
  while ((await Promise.race([ended, pause(1)])) === undefined) {
    heard.add(runInstalled(`${shop.prefix}/bin/ringer`));
  }
  heard.add(runInstalled(`${shop.prefix}/bin/ringer`));
  expect([...heard]).toEqual(["ding\nding\nding\n", "ding\n"]);
});

function pause(ms: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), ms));
}
