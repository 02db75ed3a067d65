/** `linkTrees`, held by the simulated and the real disk alike, and by several threads. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { Worker } from "node:worker_threads";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Disk, DiskError, makeDirectories, type TreeToLink } from "../../src/world/index.ts";
import { createSimulatedDisk } from "../../src/world/simulated/index.ts";
import { createRealDisk } from "../../src/world/real/disk.ts";
import { linkTrees, type Threads } from "../../src/world/real/link-trees.ts";

interface Bench {
  readonly disk: Disk;
  readonly root: string;
  readonly end: () => void;
}

function simulatedBench(): Bench {
  const disk = createSimulatedDisk();
  disk.plant("/work", {});
  return { disk, root: "/work", end: () => {} };
}

function realBench(): Bench {
  const root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "tenon-links-")));
  const end = (): void => fs.rmSync(root, { recursive: true });
  return { disk: createRealDisk(), root, end };
}

/** A tree of its own, whose files are there. */
function makeTree(
  { disk, root }: Bench,
  name: string,
  directories: number,
  filesInEach: number,
): TreeToLink {
  const tree = { from: `${root}/from`, to: `${root}/to` };
  const folders = Array.from({ length: directories }, (_each, number) => `${name}/d${number}`);
  const files = folders.flatMap((folder) =>
    Array.from({ length: filesInEach }, (_each, number) => `${folder}/f${number}`),
  );
  for (const folder of folders) makeDirectories(disk, `${tree.from}/${folder}`);
  for (const file of files) disk.createFile(`${tree.from}/${file}`, file, 0o755);
  const all = [name, ...folders].map((each) => ({ path: each, mode: 0o777 }));
  return { ...tree, directories: all, files };
}

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
    /** Ends in the middle of the first tree that it takes; this thread begins only when it has one. */
    function dyingThread(calls: number, call: "linkSync" | "mkdirSync" | "lstatSync"): Threads {
      const start: Threads["start"] = (program, work) => {
        const text = `
        const fs = require("node:fs");
        let count = 0;
        const ${call} = (...args) => (count++ < ${calls} ? fs.${call}(...args) : process.exit());
        (${program})({ ...fs, ${call} }, require("node:worker_threads").workerData);`;
        new Worker(text, { eval: true, workerData: work }).unref();
        while (Atomics.load(work.progress, 0) === 0) Atomics.wait(work.progress, 0, 0, 1);
      };
      return { start, silenceMs: 50 };
    }

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
