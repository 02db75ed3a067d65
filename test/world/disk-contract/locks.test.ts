/** The locks of a Disk. */
import { expect, test } from "vitest";
import { exists, readText } from "../../../src/world/index.ts";
import { plantTree } from "../../../src/world/simulated/index.ts";
import { at, disk, onEachDisk, refusal, root } from "./bench.ts";

onEachDisk("locks", () => {
  test("one holder at a time", () => {
    const first = disk.tryLock(at("lock"));
    expect(first).toBeDefined();
    expect(disk.tryLock(at("lock"))).toBeUndefined();
    first?.release();
    first?.release();
    const second = disk.tryLock(at("lock"));
    expect(second).toBeDefined();
    first?.release();
    expect(disk.tryLock(at("lock"))).toBeUndefined();
    second?.release();
  });

  test("the holder describes itself in the file", () => {
    const lock = disk.tryLock(at("lock"));
    lock?.describe("a long description");
    lock?.describe("short");
    expect(readText(disk, at("lock"))).toBe("short");
    lock?.release();
    expect(refusal(() => lock?.describe("late"))).toBe("write EBADF lock");
    const next = disk.tryLock(at("lock"));
    expect(readText(disk, at("lock"))).toBe("short");
    next?.release();
  });

  test("a lock belongs to the file, not to its name", () => {
    const old = disk.tryLock(at("lock"));
    disk.rename(at("lock"), at("moved"));
    expect(disk.tryLock(at("moved"))).toBeUndefined();
    const fresh = disk.tryLock(at("lock"));
    expect(fresh).toBeDefined();
    old?.release();
    fresh?.release();
  });

  test("a directory cannot be locked", () => {
    disk.makeDirectory(at("d"));
    expect(refusal(() => disk.tryLock(at("d")))).toBe("lock EISDIR d");
  });

  test("no symlink is followed, and what it leads to is as it was", () => {
    plantTree(disk, root, { precious: "x", lock: { link: "precious" }, new: { link: "none" } });
    expect(refusal(() => disk.tryLock(at("lock")))).toBe("lock ELOOP lock");
    expect(refusal(() => disk.tryLock(at("new")))).toBe("lock ELOOP new");
    expect(refusal(() => disk.isLocked(at("lock")))).toBe("lock ELOOP lock");
    expect(readText(disk, at("precious"))).toBe("x");
    expect(exists(disk, at("none"))).toBe(false);
  });

  test("are nobody's who may only read the file", () => {
    disk.tryLock(at("new"))?.release();
    plantTree(disk, root, { old: { content: "held by me", mode: 0o644 } });
    const old = disk.tryLock(at("old"));
    expect(disk.tryLock(at("old"))).toBeUndefined();
    expect(readText(disk, at("old"))).toBe("held by me");
    old?.release();
    disk.tryLock(at("group"), 0o660)?.release();
    const modes = ["new", "old", "group"].map((name) => disk.status(at(name))?.mode);
    expect(modes).toEqual([0o600, 0o600, 0o660]);
  });

  test("are looked at without being taken", () => {
    expect(refusal(() => disk.isLocked(at("lock")))).toBe("lock ENOENT lock");
    const lock = disk.tryLock(at("lock"));
    expect(disk.isLocked(at("lock"))).toBe(true);
    lock?.release();
    expect(disk.isLocked(at("lock"))).toBe(false);
    expect(disk.tryLock(at("lock"))).toBeDefined();
  });
});
