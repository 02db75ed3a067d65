/** Prefixes on file systems that cannot do all: overlays, mount points, bindfs. */
import * as fs from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { mountBindfs, type Mounted, mountMemory, mountOverlay, whyNot } from "../world/mounting.ts";
import { readTree, type Tree } from "./trees.ts";
import { type Files, openWorkshop, type Workshop, writeFiles } from "./workshop.ts";

let shop: Workshop;
let mounted: Mounted[];
beforeEach(() => {
  shop = openWorkshop({});
  mounted = [];
});
afterEach(() => {
  for (const each of mounted.toReversed()) each.end();
  shop.dispose();
});

const site = "lib/python3/site-packages";
const first: Files = {
  [`${site}/o/__init__.py`]: "v = 1\n",
  [`${site}/o/a/x.py`]: "v = 1\n",
  [`${site}/o/b/y.py`]: "v = 1\n",
  "share/o": "a file\n",
  "share/p/q": "in a folder\n",
};
const second: Files = {
  [`${site}/o/__init__.py`]: "v = 2\n",
  [`${site}/o/a/x.py`]: "v = 2\n",
  [`${site}/o/c/z.py`]: "v = 2\n",
  "share/o/q": "in a folder\n",
  "share/p": "a file\n",
};

function staged(name: string, version: string, files: Files): string[] {
  const stage = `${shop.root}/stage-${name}-${version}`;
  writeFiles(stage, files);
  return ["install", "--name", name, "--version", version, "--stage", stage];
}

/** A change of each kind; gives what was there after each. */
async function changeInEveryWay(...options: string[]): Promise<Tree[]> {
  const trees: Tree[] = [];
  const run = async (...args: string[]): Promise<void> => {
    await shop.must(...args, ...options);
    expect(await shop.must("verify")).toMatch(/^ok: /);
    trees.push(readTree(shop.prefix));
  };
  await run(...staged("n", "1", { [`${site}/n.py`]: "n = 1\n", "share/n/n": "n" }));
  await run(...staged("o", "2", second));
  await run("rollback");
  await run("rollback");
  fs.writeFileSync(`${shop.prefix}/${site}/o/a/x.py`, "broken\n");
  await run("verify", "--repair");
  fs.rmSync(`${shop.prefix}/${site}/o/a/x.py.tenon-save`);
  await run("remove", "o");
  await run("remove", "n");
  await shop.must("gc");
  expect(fs.readdirSync(`${shop.prefix}/var/lib/tenon/tx`)).toEqual([]);
  return trees;
}

let ordinary: readonly Tree[] | undefined;

/** The same on an ordinary file system. */
async function expected(): Promise<readonly Tree[]> {
  if (ordinary !== undefined) return ordinary;
  const here = shop;
  shop = openWorkshop({});
  try {
    await shop.must(...staged("o", "1", first));
    ordinary = await changeInEveryWay();
    return ordinary;
  } finally {
    shop.dispose();
    shop = here;
  }
}

const noOverlay = whyNot((folder) => mountOverlay(folder));

describe("a prefix in the lower layer of an overlay", () => {
  for (const options of ["redirect_dir=off", "redirect_dir=on", "index=on", "metacopy=on"]) {
    test.skipIf(noOverlay !== undefined)(`is changed in every way (${options})`, async () => {
      const trees = await expected();
      await shop.must(...staged("o", "1", first));
      mounted.push(mountOverlay(shop.prefix, options));
      expect(await changeInEveryWay()).toEqual(trees);
      expect(await shop.must("history")).toMatch(/remove/);
    });
  }

  test.skipIf(noOverlay !== undefined)("loses no file of a person (needs overlays)", async () => {
    await shop.must(...staged("o", "1", first));
    writeFiles(shop.prefix, { [`${site}/o/b/mine.txt`]: "mine" });
    mounted.push(mountOverlay(shop.prefix));
    await shop.must(...staged("o", "2", second));
    await shop.must("remove", "o");
    expect(Object.keys(readTree(`${shop.prefix}/lib`))).toEqual([
      "python3",
      "python3/site-packages",
      "python3/site-packages/o",
      "python3/site-packages/o/b",
      "python3/site-packages/o/b/mine.txt",
    ]);
  });
});

describe.skipIf(process.getuid?.() !== 0)("a mount point inside the prefix (needs root)", () => {
  test("is named where a package has something below it, and nothing is touched", async () => {
    await shop.must(...staged("o", "1", first));
    mounted.push(mountMemory(`${shop.prefix}/${site}`));
    const before = readTree(shop.prefix);
    const refused = await shop.run(staged("o", "2", second));
    expect(refused).toMatchObject({ code: 4 });
    expect(refused.stderr).toContain(`${shop.prefix}/${site} is a mount point`);
    expect(readTree(shop.prefix)).toEqual(before);
  });

  test("that is in the way stays where it is", async () => {
    await shop.must(...staged("o", "1", { ...first, "share/p/cache/keep": "" }));
    fs.rmSync(`${shop.prefix}/share/p/cache/keep`);
    mounted.push(mountMemory(`${shop.prefix}/share/p/cache`));
    const device = fs.statSync(`${shop.prefix}/share/p/cache`).dev;
    await shop.must(...staged("o", "2", { "share/p/q": "2\n" }));
    await shop.must("remove", "o");
    expect(fs.statSync(`${shop.prefix}/share/p/cache`).dev).toBe(device);
  });
});

const noBindfs = whyNot(mountBindfs);

describe.skipIf(noBindfs !== undefined)(
  "a prefix on bindfs, without RENAME_EXCHANGE (needs bindfs)",
  () => {
    test("is changed in every way with --weak-renames", async () => {
      const trees = await expected();
      fs.mkdirSync(shop.prefix);
      mounted.push(mountBindfs(shop.prefix));
      await shop.must(...staged("o", "1", first), "--weak-renames");
      expect(await changeInEveryWay("--weak-renames")).toEqual(trees);
    });

    test("is refused without it, and the workspace may allow it", async () => {
      fs.mkdirSync(shop.prefix);
      mounted.push(mountBindfs(shop.prefix));
      const refused = await shop.run(staged("o", "1", first));
      expect(refused).toMatchObject({ code: 4 });
      expect(refused.stderr).toContain("--weak-renames");
      expect(readTree(shop.prefix)).toEqual({
        var: expect.anything(),
        "var/lib": expect.anything(),
      });
      shop.edit("tenon.toml", "[workspace]", "[workspace]\nweak-renames = true");
      const done = await shop.run(staged("o", "1", first));
      expect(done).toMatchObject({ code: 0 });
      expect(done.stderr.match(/weak renames/g)).toHaveLength(1);
      expect(await shop.must("verify")).toMatch(/^ok: /);
    });
  },
);
