/** `linkTrees`, held by the simulated and the real disk alike, and by several threads. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  createSimulatedDisk,
  type Disk,
  DiskError,
  makeDirectories,
  type TreeToLink,
} from "../../src/world/index.ts";
import { createRealDisk } from "../../src/world/real/disk.ts";

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

  /** A tree of its own, whose files are there. */
  function makeTree(name: string, directories: number, filesInEach: number): TreeToLink {
    const { disk, root } = bench;
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

  test("and tells what each link is", () => {
    const { disk, root } = bench;
    const tree = makeTree("a", 1, 2);
    const gone = { ...makeTree("b", 1, 0), files: ["b/d0/gone"] };
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
    disk.linkTrees([{ ...makeTree("a", 1, 0), directories: [{ path: "a", mode: 0o755 }] }]);
    expect(disk.status(`${root}/to/a`)?.mode).toBe(0o755);
  });

  test("and stops at a directory that is there already", () => {
    const { disk, root } = bench;
    const tree = makeTree("a", 1, 1);
    disk.makeDirectory(`${root}/to/a`);
    const failure = new DiskError({ code: "EEXIST", operation: "mkdir", path: `${root}/to/a` });
    expect(() => disk.linkTrees([tree])).toThrow(failure);
  });

  test("however many there are", () => {
    const { disk, root } = bench;
    const trees = ["a", "b"].map((name) => makeTree(name, 10, 110));
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
