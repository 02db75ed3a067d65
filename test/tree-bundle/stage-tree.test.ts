/** What is taken of a tree, where it names its path, and the archive of it. */
import { execFileSync, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { describe, expect, test } from "vitest";
import { writeCompressed } from "../../src/tree-bundle/compress.ts";
import { planRelocation } from "../../src/tree-bundle/plan-relocation.ts";
import { renderRelocateOnce } from "../../src/tree-bundle/relocate-once.ts";
import { stageTree } from "../../src/tree-bundle/stage-tree.ts";
import { treeArchive } from "../../src/tree-bundle/tree-members.ts";
import { createRealWorld } from "../../src/world/index.ts";
import { createSimulatedWorld, type Tree } from "../../src/world/simulated/index.ts";
import { temporaryFolder } from "../archive/temporary.ts";

const root = "/build/of/the/tree";

function plant(tree: Tree) {
  const world = createSimulatedWorld();
  world.disk.plant(root, tree);
  return { world, disk: world.disk };
}

describe("a staged tree", () => {
  test("has the folders above what is taken, and no others that nobody took", () => {
    const { disk } = plant({ "a/b/taken": "1", "a/c/left": "2", "d/left": "3" });
    const staged = stageTree(disk, root, (path) => path.endsWith("taken"));
    expect(staged.map(({ type, path }) => `${type} ${path}`)).toEqual([
      "directory a",
      "directory a/b",
      "file a/b/taken",
    ]);
  });

  test("refuses what an archive cannot have, unless it is left out", () => {
    const { disk } = plant({ file: "1" });
    disk.plantSpecial(`${root}/pipe`, "fifo");
    expect(() => stageTree(disk, root, () => true)).toThrow(`${root}/pipe: fifo`);
    expect(stageTree(disk, root, (path) => path !== "pipe")).toHaveLength(1);
  });
});

describe("the plan", () => {
  test("has each file that names the path, and the one with the least room", async () => {
    const files = {
      text: `see ${root}\n`,
      data: `\0\x01${root}/lib\0`,
      roomy: `\0\x01${root}////lib\0`,
      "lib/x-1.dist-info/RECORD": "x.py,,\n",
      other: "nothing",
    };
    const { world, disk } = plant(files);
    const staged = stageTree(disk, root, () => true);
    const plan = await planRelocation({ world, root, names: root, staged });
    expect(plan).toMatchObject({
      records: ["lib/x-1.dist-info/RECORD"],
      tight: { path: "data", room: root.length },
      closed: [],
    });
    expect(Object.fromEntries(plan.files.map(({ path, places }) => [path, places]))).toEqual({
      text: [[4, root.length]],
      data: [[2, root.length]],
      roomy: [[2, root.length + 3]],
    });
    expect(plan.digests.size).toBe(Object.keys(files).length);
  });

  test("is refused with the byte where something can name no other path", async () => {
    const { world, disk } = plant({ odd: Buffer.from(`ab${root}`, "utf16le") });
    const staged = stageTree(disk, root, () => true);
    await expect(planRelocation({ world, root, names: root, staged })).rejects.toThrow(
      "odd has the prefix's path in UTF-16 (data, at byte 4)",
    );
  });
});

describe("an archive", () => {
  const folder = temporaryFolder();
  const tree = (digest: string) => {
    const { disk } = plant({ file: "content" });
    const staged = stageTree(disk, root, () => true);
    const added = [{ path: "new/folder/said", content: Buffer.from("added"), mode: 0o600 }];
    const digests = new Map([["file", digest]]);
    return { disk, root, staged, digests, added, top: "Top" } as Parameters<typeof treeArchive>[0];
  };
  const right = "ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73";

  test.each(["tar.zst", "tar.bz2"] as const)("as %s has all members", async (form) => {
    const file = `${folder}/a.${form}`;
    await writeCompressed(createRealWorld({}), { file, form, chunks: treeArchive(tree(right)) });
    const names = execFileSync("tar", ["-tf", file], { encoding: "utf8" }).trim().split("\n");
    expect(names).toEqual([
      "Top/",
      "Top/file",
      "Top/new/",
      "Top/new/folder/",
      "Top/new/folder/said",
    ]);
    execFileSync("tar", ["-xf", file, "-C", folder]);
    expect(fs.readFileSync(`${folder}/Top/file`, "utf8")).toBe("content");
    expect(fs.readdirSync(folder).filter((name) => name.startsWith("a."))).toContain(`a.${form}`);
  });

  test("is refused where a file was changed meanwhile, and nothing is left of it", async () => {
    const file = `${folder}/b.tar.bz2`;
    const chunks = treeArchive(tree("0".repeat(64)));
    await expect(
      writeCompressed(createRealWorld({}), { file, form: "tar.bz2", chunks }),
    ).rejects.toThrow(`${root}/file was changed while it was bundled`);
    expect(fs.readdirSync(folder).filter((name) => name.startsWith("b."))).toEqual([]);
  });
});

test("the program is one for a shell and for Python, and refuses what it does not know", () => {
  const file = `${temporaryFolder()}/relocate-once.py`;
  fs.writeFileSync(file, renderRelocateOnce("local/state", "local"), { mode: 0o755 });
  for (const program of ["sh", "python3"]) {
    const { status, stderr } = spawnSync(program, [file, "--unknown"], { encoding: "utf8" });
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: expect.stringContaining("usage: relocate-once.py [-d DESTINATION]"),
    });
  }
});
