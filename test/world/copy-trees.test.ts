/** `copyTrees`, held by the simulated and the real disk alike, and by several threads. */
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { DiskError, type TreeToCopy } from "../../src/world/index.ts";
import { copyTrees } from "../../src/world/real/copy-trees.ts";
import { type Bench, dyingThread, makeTree, realBench, simulatedBench } from "./tree-bench.ts";

/** A tree of its own, as its files are to be; each holds its own path. */
function treeToCopy(bench: Bench, name: string, directories: number, each: number): TreeToCopy {
  const tree = makeTree(bench, name, directories, each);
  const files = tree.files.map((path) => {
    const from = `${tree.from}/${path}`;
    const sha256 = bench.disk.digestFile(from);
    return { path, sha256, sizeBytes: path.length, mode: 0o755 };
  });
  return { ...tree, files, share: true };
}

describe.each([
  ["simulated", simulatedBench],
  ["real", realBench],
])("the %s disk copies trees", (_, open) => {
  let bench: Bench;
  beforeEach(() => {
    bench = open();
    for (const name of ["from", "to"]) bench.disk.makeDirectory(`${bench.root}/${name}`);
  });
  afterEach(() => bench.end(), 60_000);

  test("with their content, mode and time, and tells which are as they are to be", () => {
    const { disk, root } = bench;
    const tree = treeToCopy(bench, "a", 1, 6);
    const [edited, cut, lengthened, gone, otherMode, empty] = tree.files.map(
      ({ path }) => `${root}/from/${path}`,
    ) as [string, string, string, string, string, string];
    disk.removeFile(edited);
    disk.createFile(edited, "A/D0/F0", 0o755);
    disk.removeFile(cut);
    disk.createFile(cut, "a/d0/f", 0o755);
    disk.removeFile(lengthened);
    disk.createFile(lengthened, "a/d0/f2, and more", 0o755);
    disk.removeFile(gone);
    disk.setMode(otherMode, 0o644);
    disk.removeFile(empty);
    disk.createFile(empty, "", 0o755);
    const emptyFile = {
      path: "a/d0/f5",
      sha256: disk.digestFile(empty),
      sizeBytes: 0,
      mode: 0o755,
    };
    const good = treeToCopy(bench, "b", 2, 2);
    const copies = disk.copyTrees([
      { ...tree, files: [...tree.files.slice(0, 5), emptyFile], share: false },
      { ...good, share: false },
    ]);
    const none = undefined;
    expect(copies).toEqual([
      [none, none, none, none, none, "copied"],
      ["copied", "copied", "copied", "copied"],
    ]);
    for (const { path } of good.files) {
      const [from, to] = [disk.status(`${root}/from/${path}`), disk.status(`${root}/to/${path}`)];
      expect(Buffer.from(disk.readFile(`${root}/to/${path}`)).toString()).toBe(path);
      expect(to).toMatchObject({ mode: 0o755, linkCount: 1 });
      expect(to?.inode).not.toBe(from?.inode);
      expect(Math.abs((to?.modifiedMs ?? 0) - (from?.modifiedMs ?? 0))).toBeLessThan(1);
    }
    expect(disk.status(`${root}/to/b/d0`)?.mode).toBe(0o777);
  });

  test("and stops at a directory that is there already, but not at a file", () => {
    const { disk, root } = bench;
    const tree = treeToCopy(bench, "a", 1, 2);
    disk.createFile(`${root}/to/f`, "another's");
    const flat = {
      path: "a/d0/f0",
      sha256: disk.digestFile(`${root}/to/f`),
      sizeBytes: 9,
      mode: 0o755,
    };
    disk.createFile(`${root}/from/f`, "another's", 0o755);
    const [kinds] = disk.copyTrees([{ ...tree, directories: [], files: [{ ...flat, path: "f" }] }]);
    expect(kinds).toEqual([undefined]);
    disk.makeDirectory(`${root}/to/a`);
    const failure = new DiskError({ code: "EEXIST", operation: "mkdir", path: `${root}/to/a` });
    expect(() => disk.copyTrees([tree])).toThrow(failure);
  });

  test("however many there are", () => {
    const { disk, root } = bench;
    const trees = ["a", "b", "c"].map((name) => treeToCopy(bench, name, 10, 60));
    const copies = disk.copyTrees(trees);
    expect(copies.flat().every((kind) => kind === "copied" || kind === "shared")).toBe(true);
    for (const { files } of trees)
      for (const { path, sha256 } of files)
        expect(disk.digestFile(`${root}/to/${path}`)).toBe(sha256);
  });
});

describe("the real disk", () => {
  let bench: Bench;
  beforeEach(() => {
    bench = realBench();
    for (const name of ["from", "to"]) bench.disk.makeDirectory(`${bench.root}/${name}`);
  });
  afterEach(() => bench.end(), 60_000);

  test("follows no symlink and waits for no writer of a pipe", () => {
    const tree = treeToCopy(bench, "a", 1, 3);
    const [link, pipe] = tree.files.map(({ path }) => `${bench.root}/from/${path}`) as [
      string,
      string,
    ];
    fs.rmSync(link);
    fs.symlinkSync("f2", link);
    fs.rmSync(pipe);
    spawnSync("mkfifo", ["-m", "755", pipe]);
    expect(copyTrees([{ ...tree, share: false }])).toEqual([[undefined, undefined, "copied"]]);
  });

  describe.skipIf(os.availableParallelism() < 2)(
    "makes the tree of a thread that dies (skipped on one core)",
    () => {
      test.each([
        ["before its first file", 0, "openSync"],
        ["before it has written one", 100, "writeSync"],
        ["before a copy has its mode", 100, "fchmodSync"],
      ] as const)("%s", (_, calls, call) => {
        const trees = ["a", "b"].map((name) => treeToCopy(bench, name, 10, 60));
        const asked = trees.map((tree) => ({ ...tree, share: false }));
        const copies = copyTrees(asked, dyingThread(calls, call));
        expect(copies.flat()).toEqual(Array.from({ length: 1_200 }, () => "copied"));
        for (const { files } of trees)
          for (const { path, sha256 } of files) {
            const to = `${bench.root}/to/${path}`;
            expect(bench.disk.digestFile(to)).toBe(sha256);
            expect(bench.disk.status(to)?.mode).toBe(0o755);
          }
      });
    },
  );
});
