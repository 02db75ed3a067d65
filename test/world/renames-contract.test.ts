/** What cannot be renamed: the simulated and the real disk refuse the same in the same words. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { beforeEach, expect, test } from "vitest";
import { hasRenameFlags, readText, withWeakRenames } from "../../src/world/index.ts";
import { createSimulatedDisk, plantTree, snapshotTree } from "../../src/world/simulated/index.ts";
import { createRealDisk } from "../../src/world/real/disk.ts";
import { at, disk, onDisks, refusal, root } from "./disk-contract/bench.ts";
import { mountBindfs, mountMemory, mountOverlay, whyNot } from "./mounting.ts";

/** What is there beforehand. */
const planted = { "d/e/f": "old", "d/g": "old", h: "old" };

function realFolder(): string {
  return fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "tenon-renames-")));
}

function simulatedOverlay() {
  const mounts = [{ path: "/work", layered: true }, "/work/volume"];
  const disk = createSimulatedDisk({ mounts });
  disk.plant("/work", planted);
  disk.sink("/work");
  return { disk, root: "/work", restart: () => disk.copy(), end: () => {} };
}

function realOverlay() {
  const root = realFolder();
  const disk = createRealDisk();
  plantTree(disk, root, { ...planted, "volume/": "" });
  const mounted = mountOverlay(root, "redirect_dir=off");
  const volume = mountMemory(`${root}/volume`);
  return {
    disk,
    root,
    restart: () => {
      volume.end();
      mounted.again();
      mountMemory(`${root}/volume`);
      return disk;
    },
    end: () => {
      volume.end();
      mounted.end();
      fs.rmSync(root, { recursive: true });
    },
  };
}

const overlays = {
  simulated: { open: simulatedOverlay },
  real: { open: realOverlay, why: whyNot((folder) => mountOverlay(folder)) },
};

onDisks("an overlay on the %s disk", overlays, (_name, opened) => {
  beforeEach(() =>
    plantTree(disk, root, { "tx/full/x": "", "tx/new/d": "new", "tx/new/n/m": "new" }),
  );

  test("a directory of the lower layer cannot be renamed, and what is new can", () => {
    expect(refusal(() => disk.renameNoReplace(at("d"), at("tx/d")))).toMatch(/^rename EXDEV /);
    expect(refusal(() => disk.rename(at("d/e"), at("d/i")))).toMatch(/^rename EXDEV /);
    expect(refusal(() => disk.exchange(at("tx/new/n"), at("d")))).toMatch(/^exchange EXDEV /);
    disk.exchange(at("tx/new/n"), at("tx/full"));
    expect(readText(disk, at("tx/full/m"))).toBe("new");
  });

  test("one can ask beforehand, and nothing is changed", () => {
    const before = snapshotTree(disk, root);
    const asked = ["d", "d/e", "tx/new", "tx/new/n"].map((each) =>
      disk.isFixed(at(each), at("tx/full")),
    );
    expect(asked).toEqual([true, true, false, false]);
    expect(snapshotTree(disk, root)).toEqual(before);
  });

  test("its files are renamed and exchanged, and it is removed when it is empty", () => {
    disk.exchange(at("tx/new/d"), at("d/g"));
    expect([readText(disk, at("d/g")), readText(disk, at("tx/new/d"))]).toEqual(["new", "old"]);
    disk.renameNoReplace(at("d/e/f"), at("tx/f"));
    expect(refusal(() => disk.removeDirectory(at("d")))).toBe("rmdir ENOTEMPTY d");
    disk.removeDirectory(at("d/e"));
    disk.makeDirectory(at("d/e"));
    disk.renameNoReplace(at("d/e"), at("tx/e"));
    expect(disk.list(at("d")).map(({ name }) => name)).toEqual(["g"]);
  });

  test("a file keeps its number when the machine starts again, a directory may not", () => {
    const file = disk.status(at("tx/new/d"))?.inode;
    expect(disk.status(at("tx/new/d"))?.device).not.toBe(disk.status(at("tx/new"))?.device);
    expect(opened().restart().status(at("tx/new/d"))?.inode).toBe(file);
  });

  test("mount points are listed, and stay", () => {
    expect(disk.mountPointsBelow(root)).toEqual(["volume"]);
    expect(disk.mountPointsBelow(at("d"))).toEqual([]);
    expect(refusal(() => disk.rename(at("volume"), at("tx/v")))).toMatch(/^rename EBUSY /);
    expect(refusal(() => disk.removeDirectory(at("volume")))).toBe("rmdir EBUSY volume");
    const inside = refusal(() => disk.renameNoReplace(at("tx/new/d"), at("volume/d")));
    expect(inside).toBe("rename EXDEV volume/d");
  });
});

function simulatedWeak() {
  const disk = createSimulatedDisk({ mounts: [{ path: "/work", renameFlags: false }] });
  disk.plant("/work", planted);
  return { disk, root: "/work", end: () => {} };
}

function realWeak() {
  const root = realFolder();
  const disk = createRealDisk();
  plantTree(disk, root, planted);
  const mounted = mountBindfs(root);
  const end = (): void => {
    mounted.end();
    fs.rmSync(root, { recursive: true });
  };
  return { disk, root, end };
}

const weak = {
  simulated: { open: simulatedWeak },
  real: { open: realWeak, why: whyNot(mountBindfs) },
};

onDisks("a file system without rename flags on the %s disk", weak, () => {
  test("refuses both, which can be tried beforehand", () => {
    const before = snapshotTree(disk, root);
    expect(refusal(() => disk.renameNoReplace(at("h"), at("i")))).toBe("rename EINVAL i");
    expect(refusal(() => disk.exchange(at("h"), at("d/g")))).toBe("exchange EINVAL d/g");
    expect(hasRenameFlags(disk, root)).toBe(false);
    expect(snapshotTree(disk, root)).toEqual(before);
  });

  test("is moved in without replacing, by a look before", () => {
    const weak = withWeakRenames(disk);
    expect(refusal(() => weak.renameNoReplace(at("h"), at("d/g")))).toBe("rename EEXIST d/g");
    weak.renameNoReplace(at("d"), at("moved"));
    expect(refusal(() => weak.renameNoReplace(at("none"), at("i")))).toBe("rename ENOENT none");
    expect(readText(disk, at("moved/e/f"))).toBe("old");
  });

  test("gives a file a second name, over which another one is moved", () => {
    disk.hardLink(at("h"), at("kept"));
    disk.rename(at("d/g"), at("h"));
    expect(disk.status(at("h"))?.inode).not.toBe(disk.status(at("kept"))?.inode);
    expect(disk.list(at("d")).map(({ name }) => name)).toEqual(["e"]);
  });
});
