/** `linkTrees`, held by the simulated and the real disk alike, and by several threads. */
import * as os from "node:os";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { DiskError } from "../../src/world/index.ts";
import { linkTrees } from "../../src/world/real/link-trees.ts";
import { type Bench, dyingThread, makeTree, realBench, simulatedBench } from "./tree-bench.ts";

describe.each([
  ["simulated", simulatedBench],
  ["real", realBench],
])("the %s disk links trees", (_, open) => {
  let bench: Bench;
  beforeEach(() => {
    bench = open();
    for (const name of ["from", "to"]) bench.disk.makeDirectory(`${bench.root}/${name}`);
  });
  afterEach(() => bench.end(), 60_000); // thousands of files, on a machine that may be busy

  test("and tells what each link is", () => {
    const { disk, root } = bench;
    const tree = makeTree(bench, "a", 1, 2);
    const gone = { ...makeTree(bench, "b", 1, 0), files: ["b/d0/gone"] };
    const [links, none] = disk.linkTrees([tree, gone]);
    const expected = { linkCount: 2, sizeBytes: "a/d0/f0".length, mode: 0o755 };
    expect(links).toEqual([expect.objectContaining(expected), expect.objectContaining(expected)]);
    const modifiedMs = disk.status(`${root}/from/a/d0/f1`)?.modifiedMs ?? 0;
    expect(Math.abs((links?.[1]?.modifiedMs ?? 0) - modifiedMs)).toBeLessThan(0.001);
    expect(none).toEqual([undefined]);
    expect(disk.status(`${root}/to/a/d0`)?.mode).toBe(0o777);
    expect(disk.status(`${root}/to/a/d0/f1`)?.inode).toBe(
      disk.status(`${root}/from/a/d0/f1`)?.inode,
    );
  });

  test("into a directory that hands its group down, with the modes that are asked for", () => {
    const { disk, root } = bench;
    disk.setMode(`${root}/to`, 0o2755);
    disk.linkTrees([{ ...makeTree(bench, "a", 1, 0), directories: [{ path: "a", mode: 0o755 }] }]);
    expect(disk.status(`${root}/to/a`)?.mode).toBe(0o755);
  });

  test("and stops at a directory that is there already", () => {
    const { disk, root } = bench;
    const tree = makeTree(bench, "a", 1, 1);
    disk.makeDirectory(`${root}/to/a`);
    const failure = new DiskError({ code: "EEXIST", operation: "mkdir", path: `${root}/to/a` });
    expect(() => disk.linkTrees([tree])).toThrow(failure);
  });

  test("however many there are", () => {
    const { disk, root } = bench;
    const trees = ["a", "b"].map((name) => makeTree(bench, name, 10, 110));
    const links = disk.linkTrees(trees);
    expect(links.map((each) => each.filter((link) => link?.linkCount === 2).length)).toEqual([
      1_100, 1_100,
    ]);
    for (const { files } of trees) {
      const last = files.at(-1) ?? "";
      expect(disk.status(`${root}/to/${last}`)?.inode).toBe(
        disk.status(`${root}/from/${last}`)?.inode,
      );
    }
  });
});

describe.skipIf(os.availableParallelism() < 2)(
  "a thread that dies with a tree (skipped on one core)",
  () => {
    let bench: Bench;
    beforeEach(() => {
      bench = realBench();
      for (const name of ["from", "to"]) bench.disk.makeDirectory(`${bench.root}/${name}`);
    });
    afterEach(() => bench.end(), 60_000);

    test.each([
      ["before its first directory", 0, "mkdirSync"],
      ["between two directories", 5, "mkdirSync"],
      ["before its first link", 0, "linkSync"],
      ["between two links", 500, "linkSync"],
      ["after a link", 500, "lstatSync"],
    ] as const)("%s is not waited for: its tree is made all the same", (_, calls, call) => {
      const trees = ["a", "b"].map((name) => makeTree(bench, name, 10, 110));
      const links = linkTrees(trees, dyingThread(calls, call));
      expect(links.flat()).toHaveLength(2_200);
      expect(links.flat().every((link) => link?.linkCount === 2 && link.isFile)).toBe(true);
      for (const { directories, files } of trees) {
        for (const { path: each, mode } of directories)
          expect(bench.disk.status(`${bench.root}/to/${each}`)?.mode).toBe(mode);
        for (const file of files)
          expect(bench.disk.status(`${bench.root}/to/${file}`)?.linkCount).toBe(2);
      }
    });
  },
);
