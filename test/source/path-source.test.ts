/** The digest of local sources, and its cache. */
import * as fs from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { digestSource, placeSource, type SourceContext } from "../../src/source/index.ts";
import { failureOf, makeContext, makeRecipe, namesIn, removeDirectories } from "./fixture.ts";

let directory: string;
let tree: string;
let context: SourceContext;

beforeEach(() => {
  ({ directory, context } = makeContext());
  tree = `${directory}/tree`;
  makeTree(tree);
});

afterEach(removeDirectories);

function makeTree(root: string): void {
  fs.mkdirSync(`${root}/greet`, { recursive: true });
  fs.writeFileSync(`${root}/greet/main.py`, "print(1)\n");
  fs.writeFileSync(`${root}/run`, "#!/bin/sh\n", { mode: 0o755 });
  fs.symlinkSync("greet/main.py", `${root}/main`);
}

const digest = (path = tree, of = context): string =>
  digestSource(of, makeRecipe({ kind: "path", path }));

describe("the digest", () => {
  test("is the same for an equal tree elsewhere, whatever its times and other modes (I8)", () => {
    const other = `${directory}/other`;
    makeTree(other);
    fs.utimesSync(`${other}/run`, 1, 1);
    fs.chmodSync(`${other}/greet/main.py`, 0o600);
    fs.chmodSync(`${other}/greet`, 0o700);
    expect(digest(other)).toBe(digest());
  });

  test.each<[string, () => void]>([
    ["content", () => fs.writeFileSync(`${tree}/greet/main.py`, "print(2)\n")],
    ["an execute bit", () => fs.chmodSync(`${tree}/run`, 0o644)],
    ["a new file", () => fs.writeFileSync(`${tree}/new`, "")],
    ["a new folder", () => fs.mkdirSync(`${tree}/new`)],
    ["a name", () => fs.renameSync(`${tree}/run`, `${tree}/walk`)],
    [
      "a link's target",
      () => {
        fs.unlinkSync(`${tree}/main`);
        fs.symlinkSync("run", `${tree}/main`);
      },
    ],
  ])("covers %s", (_what, change) => {
    const before = digest();
    change();
    expect(digest()).not.toBe(before);
  });

  test("covers neither version control nor by-products", () => {
    const before = digest();
    for (const folder of [".git", ".hg", ".svn", "greet/__pycache__"]) {
      fs.mkdirSync(`${tree}/${folder}`);
      fs.writeFileSync(`${tree}/${folder}/x`, "x");
    }
    fs.writeFileSync(`${tree}/greet/old.pyc`, "x");
    expect(digest()).toBe(before);
  });

  test("of a single file covers its name and content", () => {
    const before = digest(`${tree}/run`);
    fs.copyFileSync(`${tree}/run`, `${directory}/run`);
    expect(digest(`${directory}/run`)).toBe(before);
    fs.renameSync(`${directory}/run`, `${directory}/walk`);
    expect(digest(`${directory}/walk`)).not.toBe(before);
  });

  test("of nothing is an error that names the recipe", async () => {
    const error = await failureOf(Promise.resolve().then(() => digest(`${tree}/nothing`)));
    expect(error).toMatchObject({ kind: "source", code: "SOURCE_MISSING" });
    expect(error.message).toContain("greet.toml");
  });
});

describe("the cache", () => {
  const cacheFile = (): string => `${directory}/cache/paths.json`;

  /** A new run, the given time after now. */
  const runLater = (laterMs: number, read: string[] = []): SourceContext => {
    const { disk, clock } = context.world;
    const now = (): number => clock.now() + laterMs;
    const digestFile = (path: string): string => {
      read.push(path);
      return disk.digestFile(path);
    };
    const world = { ...context.world, clock: { ...clock, now }, disk: { ...disk, digestFile } };
    return { ...context, world, pathCacheFile: cacheFile() };
  };

  test("spares reading what has not changed", () => {
    const read: string[] = [];
    const first = digest(tree, runLater(10_000));
    expect(digest(tree, runLater(20_000, read))).toBe(first);
    expect(read).toEqual([]);
    expect(first).toBe(digest());
  });

  test("does not trust a file that is as young as the look at it", () => {
    const read: string[] = [];
    digest(tree, runLater(0));
    digest(tree, runLater(0, read));
    expect(read.sort()).toEqual([`${tree}/greet/main.py`, `${tree}/run`]);
  });

  test("sees a change of the same size and time", () => {
    const file = `${tree}/greet/main.py`;
    const first = digest(tree, runLater(10_000));
    const { atime, mtime } = fs.statSync(file);
    fs.writeFileSync(file, "print(3)\n");
    fs.utimesSync(file, atime, mtime);
    const second = digest(tree, runLater(20_000));
    expect(second).not.toBe(first);
    expect(second).toBe(digest());
  });

  test("forgets what is gone, and keeps what other sources have", () => {
    makeTree(`${directory}/other`);
    digest(tree, runLater(10_000));
    digest(`${directory}/other`, runLater(10_000));
    fs.unlinkSync(`${tree}/run`);
    digest(tree, runLater(10_000));
    const known = Object.keys(JSON.parse(fs.readFileSync(cacheFile(), "utf8")) as object);
    expect(known.sort()).toEqual([
      `${directory}/other/greet/main.py`,
      `${directory}/other/run`,
      `${tree}/greet/main.py`,
    ]);
  });

  test("is not written when nothing is new", () => {
    digest(tree, runLater(10_000));
    const before = fs.statSync(cacheFile()).ino;
    digest(tree, runLater(20_000));
    expect(fs.statSync(cacheFile()).ino).toBe(before);
  });

  test.each(["", "{", "[]", "null", `{"x":[1]}`])("damaged as %j is as good as none", (text) => {
    fs.mkdirSync(`${directory}/cache`);
    fs.writeFileSync(cacheFile(), text);
    expect(digest(tree, runLater(10_000))).toBe(digest());
  });
});

test("placing copies what the digest covers, with plain modes", async () => {
  fs.mkdirSync(`${tree}/.git`);
  fs.mkdirSync(`${tree}/greet/__pycache__`);
  fs.chmodSync(`${tree}/greet/main.py`, 0o600);
  const before = digest();
  fs.mkdirSync(`${directory}/place`);
  const recipe = makeRecipe({ kind: "path", path: tree });
  await placeSource(context, recipe, undefined, `${directory}/place`);
  expect(namesIn(`${directory}/place`)).toEqual(["greet", "main", "run"]);
  expect(fs.statSync(`${directory}/place/greet/main.py`).mode & 0o777).toBe(0o644);
  expect(fs.statSync(`${directory}/place/run`).mode & 0o777).toBe(0o755);
  expect(fs.readlinkSync(`${directory}/place/main`)).toBe("greet/main.py");
  expect(digest(`${directory}/place`)).toBe(before);
});
