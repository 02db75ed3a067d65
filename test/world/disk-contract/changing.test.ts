/** What a Disk changes and removes. */
import { expect, test } from "vitest";
import { exists, removeTree, writeAtomically } from "../../../src/world/index.ts";
import { plantTree } from "../../../src/world/simulated/index.ts";
import { at, bench, disk, onEachDisk, refusal, root, tree } from "./bench.ts";

onEachDisk("changing and removing", () => {
  test("setMode follows a symlink and keeps the high bits", () => {
    plantTree(disk, root, { f: "", l: { link: "f" }, dangling: { link: "none" } });
    disk.setMode(at("l"), 0o2750);
    expect(disk.status(at("f"))?.mode).toBe(0o2750);
    expect(refusal(() => disk.setMode(at("dangling"), 0o600))).toBe("chmod ENOENT dangling");
  });

  test("setTimes sets the time of the entry itself", () => {
    plantTree(disk, root, { f: "", l: { link: "f" }, "d/": "" });
    disk.setTimes(at("f"), 1_000_000_000_000);
    disk.setTimes(at("l"), 1_100_000_000_250);
    disk.setTimes(at("d"), 0);
    expect(disk.status(at("f"))?.modifiedMs).toBe(1_000_000_000_000);
    expect(disk.status(at("l"))?.modifiedMs).toBeCloseTo(1_100_000_000_250, 1);
    expect(disk.status(at("d"))?.modifiedMs).toBe(0);
    expect(refusal(() => disk.setTimes(at("none"), 0))).toBe("utimes ENOENT none");
  });

  test("a change of a directory's entries is a change of its time", () => {
    plantTree(disk, root, { "d/": "" });
    for (const change of [
      () => disk.createFile(at("d/f"), ""),
      () => disk.rename(at("d/f"), at("d/g")),
      () => disk.removeFile(at("d/g")),
    ]) {
      disk.setTimes(at("d"), 1000);
      change();
      expect(disk.status(at("d"))?.modifiedMs).toBeGreaterThan(1000);
    }
  });

  test("removeFile removes files and links only", () => {
    plantTree(disk, root, { f: "", "d/g": "", l: { link: "d" } });
    disk.removeFile(at("f"));
    disk.removeFile(at("l"));
    expect(disk.list(root)).toEqual([{ name: "d", type: "directory" }]);
    expect(refusal(() => disk.removeFile(at("d")))).toBe("unlink EISDIR d");
    expect(refusal(() => disk.removeFile(at("f")))).toBe("unlink ENOENT f");
    expect(refusal(() => disk.removeFile(at("d/g/x")))).toBe("unlink ENOTDIR d/g/x");
  });

  test("removeDirectory removes empty directories only", () => {
    plantTree(disk, root, { "d/g": "", l: { link: "d" } });
    expect(refusal(() => disk.removeDirectory(at("d")))).toBe("rmdir ENOTEMPTY d");
    expect(refusal(() => disk.removeDirectory(at("d/g")))).toBe("rmdir ENOTDIR d/g");
    expect(refusal(() => disk.removeDirectory(at("l")))).toBe("rmdir ENOTDIR l");
    expect(refusal(() => disk.removeDirectory(at("none")))).toBe("rmdir ENOENT none");
    disk.removeFile(at("d/g"));
    disk.removeDirectory(at("d"));
    expect(exists(disk, at("d"))).toBe(false);
  });

  test("removeTree removes all, links without their targets, and nothing is fine", () => {
    plantTree(disk, root, { "t/a/b/f": "", "t/a/l": { link: "../../keep" }, "keep/f": "" });
    disk.setMode(at("t/a/b"), 0o500);
    removeTree(disk, at("t"));
    removeTree(disk, at("t"));
    expect(disk.list(root)).toEqual([{ name: "keep", type: "directory" }]);
    expect(exists(disk, at("keep/f"))).toBe(true);
  });

  test("writeAtomically replaces content, durable or not", () => {
    for (const durable of [true, false]) {
      const temporary = at("temporary");
      writeAtomically(disk, at("f"), `durable ${durable}`, { temporary, durable, mode: 0o600 });
      expect(tree()).toEqual({
        f: { type: "file", mode: 0o600, content: `durable ${durable}` },
      });
    }
  });
});

onEachDisk("syncing, and attributes", () => {
  test("syncing takes files, directories and whole file systems, and refuses nothing", () => {
    plantTree(disk, root, { "d/f": "text" });
    disk.syncFile(at("d/f"));
    disk.syncDirectory(at("d"));
    disk.syncFileSystem(at("d"));
    expect(refusal(() => disk.syncFile(at("none")))).toBe("fsync ENOENT none");
    expect(refusal(() => disk.syncDirectory(at("none")))).toBe("fsync ENOENT none");
    expect(refusal(() => disk.syncFileSystem(at("none")))).toBe("syncfs ENOENT none");
  });

  test("attributes are listed, copied and removed", (context) => {
    plantTree(disk, root, { f: "", g: "" });
    expect(disk.attributes(at("f"))).toEqual([]);
    expect(refusal(() => disk.attributes(at("none")))).toBe("listxattr ENOENT none");
    if (!bench.giveAttribute(at("f"), "user.tenon")) {
      return context.skip("attributes cannot be set here");
    }
    expect(disk.attributes(at("f"))).toEqual(["user.tenon"]);
    disk.copyAttribute(at("f"), at("g"), "user.tenon");
    expect(disk.attributes(at("g"))).toEqual(["user.tenon"]);
    expect(refusal(() => disk.copyAttribute(at("f"), at("g"), "user.other"))).toMatch(
      /^setxattr ENODATA /,
    );
    disk.removeAttribute(at("f"), "user.tenon");
    expect(disk.attributes(at("f"))).toEqual([]);
    const again = (): void => disk.removeAttribute(at("f"), "user.tenon");
    expect(refusal(again)).toBe("removexattr ENODATA f");
  });
});
