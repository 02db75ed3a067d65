/** What the simulated disk does beyond a Disk: durability, faults, processes, power losses. */
import { describe, expect, test } from "vitest";
import { DiskError, readText, readTextIfAny, writeAtomically } from "../../src/world/index.ts";
import {
  createSimulatedDisk,
  powerLosses,
  type SimulatedDisk,
  SimulatedStop,
} from "../../src/world/simulated/index.ts";

function planted(tree: Parameters<SimulatedDisk["plant"]>[1]): SimulatedDisk {
  const disk = createSimulatedDisk();
  disk.plant("/w", tree);
  return disk;
}

const names = (disk: SimulatedDisk, path = "/w"): string[] => Object.keys(disk.snapshot(path));
const loseAll = (disk: SimulatedDisk): SimulatedDisk => disk.powerLoss(() => false);
const keepAll = (disk: SimulatedDisk): SimulatedDisk => disk.powerLoss(() => true);
const keepOnly = (disk: SimulatedDisk, ...kept: string[]): SimulatedDisk =>
  disk.powerLoss(({ name, path }) => kept.includes(`${name} ${path}`));

describe("durability", () => {
  test("what was planted is durable, and nothing that was done since", () => {
    const disk = planted({ f: "old", "d/": "" });
    disk.createFile("/w/g", "new");
    disk.removeFile("/w/f");
    disk.setMode("/w/d", 0o700);
    expect(loseAll(disk).snapshot("/w")).toEqual({
      d: { type: "directory", mode: 0o755 },
      f: { type: "file", mode: 0o644, content: "old" },
    });
    expect(keepAll(disk).snapshot("/w")).toEqual(disk.snapshot("/w"));
    expect(names(disk)).toEqual(["d", "g"]);
  });

  test("syncFile keeps the content, not the entry", () => {
    const disk = planted({});
    disk.createFile("/w/f", "text");
    disk.syncFile("/w/f");
    expect(disk.pending).toEqual([{ name: "create", path: "/w/f" }]);
    expect(names(loseAll(disk))).toEqual([]);
    disk.syncDirectory("/w");
    expect(readText(loseAll(disk), "/w/f")).toBe("text");
  });

  test("syncDirectory keeps the entry, not the content", () => {
    const disk = planted({});
    disk.createFile("/w/f", "text", 0o600);
    disk.syncDirectory("/w");
    expect(loseAll(disk).snapshot("/w")).toEqual({
      f: { type: "file", mode: 0o600, content: "" },
    });
    expect(
      readText(
        disk.powerLoss(() => "torn"),
        "/w/f",
      ),
    ).toBe("te");
    expect(readText(keepAll(disk), "/w/f")).toBe("text");
  });

  test("syncDirectory is about this directory only", () => {
    const disk = planted({});
    disk.makeDirectory("/w/d");
    disk.createFile("/w/d/f", "");
    disk.syncDirectory("/w/d");
    expect(names(loseAll(disk))).toEqual([]);
    disk.syncDirectory("/w");
    expect(names(loseAll(disk))).toEqual(["d", "d/f"]);
  });

  test.each(["/w/a", "/w/b"])("a rename is durable whole after a sync of %s", (synced) => {
    const disk = planted({ "a/f": "moved", "b/": "" });
    disk.rename("/w/a/f", "/w/b/g");
    expect(names(loseAll(disk))).toEqual(["a", "a/f", "b"]);
    disk.syncDirectory(synced);
    expect(disk.pending).toEqual([]);
    expect(names(loseAll(disk))).toEqual(["a", "b", "b/g"]);
  });

  test("an exchange is durable whole after a sync of either directory", () => {
    const disk = planted({ "a/x/old": "", "b/y/new": "" });
    disk.exchange("/w/a/x", "/w/b/y");
    expect(names(loseAll(disk))).toContain("a/x/old");
    disk.syncDirectory("/w/b");
    expect(names(loseAll(disk))).toEqual(["a", "a/x", "a/x/new", "b", "b/y", "b/y/old"]);
  });

  test("a sync takes along the earlier changes that its changes build on", () => {
    const disk = planted({ "a/": "", "b/": "" });
    disk.createFile("/w/a/f", "");
    disk.createFile("/w/a/unrelated", "");
    disk.rename("/w/a/f", "/w/b/f");
    disk.syncDirectory("/w/b");
    expect(names(loseAll(disk))).toEqual(["a", "b", "b/f"]);
    expect(names(keepAll(disk))).toEqual(["a", "a/unrelated", "b", "b/f"]);
  });

  test("a synced removal of a directory takes along the removals in it", () => {
    const disk = planted({ "d/e/f": "" });
    disk.removeFile("/w/d/e/f");
    disk.removeDirectory("/w/d/e");
    disk.removeDirectory("/w/d");
    disk.syncDirectory("/w");
    expect(names(loseAll(disk))).toEqual([]);
  });

  test("a synced move of a directory takes along the move that made room for it", () => {
    const disk = planted({ "a/b/": "", "c/": "" });
    disk.rename("/w/a/b", "/w/c/b");
    disk.rename("/w/a", "/w/c/b/a");
    disk.syncDirectory("/w/c/b");
    expect(names(loseAll(disk))).toEqual(["c", "c/b", "c/b/a"]);
  });
});

describe("the durability of content", () => {
  test("modes, times and attributes are durable with the file", () => {
    const disk = planted({ f: "" });
    disk.plantAttribute("/w/f", "user.x");
    disk.setMode("/w/f", 0o600);
    disk.removeAttribute("/w/f", "user.x");
    disk.syncDirectory("/w");
    expect(loseAll(disk).status("/w/f")?.mode).toBe(0o644);
    expect(loseAll(disk).attributes("/w/f")).toEqual(["user.x"]);
    disk.syncFile("/w/f");
    expect(loseAll(disk).status("/w/f")?.mode).toBe(0o600);
    expect(loseAll(disk).attributes("/w/f")).toEqual([]);
  });

  test("a writer syncs what it wrote so far", () => {
    const disk = planted({ log: "one " });
    const writer = disk.openWriter("/w/log", { append: true });
    writer.write(Buffer.from("two "));
    writer.sync();
    writer.write(Buffer.from("three"));
    expect(readText(loseAll(disk), "/w/log")).toBe("one two ");
    expect(readText(keepAll(disk), "/w/log")).toBe("one two three");
  });

  test("a later piece may be on the disk without an earlier one", () => {
    const disk = planted({ log: "" });
    const writer = disk.openWriter("/w/log", { append: true });
    writer.write(Buffer.from("ab"));
    writer.write(Buffer.from("cd"));
    const lost = disk.powerLoss((_operation, index) => index === 1);
    expect(readText(lost, "/w/log")).toBe("\0\0cd");
  });

  test("syncFileSystem keeps all of one file system", () => {
    const disk = createSimulatedDisk({ mounts: ["/", "/m"] });
    disk.createFile("/f", "text");
    disk.createFile("/m/g", "text");
    disk.syncFileSystem("/m");
    const lost = loseAll(disk);
    expect(names(lost, "/")).toEqual(["m", "m/g"]);
    expect(readText(lost, "/m/g")).toBe("text");
  });

  test("a durable replacement is old or new in every state that can be left", () => {
    const disk = planted({ f: "old" });
    writeAtomically(disk, "/w/f", "new", { temporary: "/w/t", durable: true });
    expect(disk.pending).toEqual([]);
    disk.plan({ stopAt: 4 });
    const replace = (): void =>
      writeAtomically(disk, "/w/f", "newer", { temporary: "/w/t", durable: true });
    expect(replace).toThrow(SimulatedStop);
    const found = [...powerLosses(disk, { randomSubsets: 20 })].map((lost) =>
      readTextIfAny(lost.disk, "/w/f"),
    );
    expect(new Set(found)).toEqual(new Set(["new", "newer"]));
  });

  test("a replacement without syncs can leave an empty file", () => {
    const disk = planted({ f: "old" });
    writeAtomically(disk, "/w/f", "new", { temporary: "/w/t", durable: false });
    const found = [...powerLosses(disk)].map((lost) => readTextIfAny(lost.disk, "/w/f"));
    expect(new Set(found)).toEqual(new Set(["old", "", "n", "new"]));
  });
});

describe("a power loss", () => {
  test("leaves out what builds on something that was lost", () => {
    const disk = planted({});
    disk.makeDirectory("/w/d");
    disk.createFile("/w/d/f", "");
    disk.rename("/w/d/f", "/w/f");
    expect(names(keepOnly(disk, "create /w/d/f"))).toEqual([]);
    expect(names(keepOnly(disk, "rename /w/d/f"))).toEqual([]);
    expect(names(keepOnly(disk, "create /w/d/f", "rename /w/d/f"))).toEqual(["f"]);
    expect(names(keepOnly(disk, "mkdir /w/d"))).toEqual(["d"]);
  });

  test("replaces nothing that was not there to be replaced", () => {
    const disk = planted({ a: "a", b: "b" });
    disk.removeFile("/w/b");
    disk.rename("/w/a", "/w/b");
    const lost = disk.powerLoss((_operation, index) => index === 1);
    expect(readText(lost, "/w/b")).toBe("b");
    expect(readText(lost, "/w/a")).toBe("a");
  });

  test("puts nothing in the place of something whose removal was lost", () => {
    const disk = planted({ f: "old" });
    disk.removeFile("/w/f");
    disk.createFile("/w/f", "new");
    expect(readText(keepOnly(disk, "create /w/f", "write /w/f"), "/w/f")).toBe("old");
  });

  test("removes no directory that is full again, and makes no circle", () => {
    const disk = planted({ "d/f": "", "a/b/": "" });
    disk.removeFile("/w/d/f");
    disk.removeDirectory("/w/d");
    disk.rename("/w/a/b", "/w/b");
    disk.rename("/w/a", "/w/b/a");
    const lost = keepOnly(disk, "rmdir /w/d", "rename /w/a");
    expect(names(lost)).toEqual(["a", "a/b", "d", "d/f"]);
  });

  test("does not touch the machine that it is derived from, nor any other", () => {
    const disk = planted({ f: "" });
    disk.createFile("/w/g", "text");
    const [first, second] = [keepAll(disk), loseAll(disk)];
    first.removeFile("/w/f");
    second.createFile("/w/h", "");
    expect([names(disk), names(first), names(second)]).toEqual([["f", "g"], ["g"], ["f", "h"]]);
    expect(first.pending).toHaveLength(1);
    expect(readText(loseAll(first), "/w/g")).toBe("text");
  });

  test("counts links right, also where their directory was lost", () => {
    const disk = planted({ a: "x" });
    disk.makeDirectory("/w/d");
    disk.hardLink("/w/a", "/w/d/b");
    expect(loseAll(disk).status("/w/a")?.linkCount).toBe(1);
    expect(keepAll(disk).status("/w/a")?.linkCount).toBe(2);
    expect(keepOnly(disk, "link /w/a").status("/w/a")?.linkCount).toBe(1);
  });

  test("is enumerated: prefixes, tears, omissions, single operations, random subsets", () => {
    const disk = planted({});
    disk.makeDirectory("/w/a");
    disk.createFile("/w/b", "text");
    const labels = (seed: number): string[] =>
      [...powerLosses(disk, { randomSubsets: 3, seed })].map(({ label }) => label);
    expect(labels(7)).toEqual([
      "the first 0 of 3",
      "the first 1 of 3",
      "the first 2 of 3",
      "the first 3 of 3",
      "all but 0 (mkdir /w/a)",
      "all but 1 (create /w/b)",
      "only 1 (create /w/b)",
      "all, torn at 2 (write /w/b)",
      "up to 2 (write /w/b), torn",
      "only 2 (write /w/b)",
      "random subset 0 of seed 7",
      "random subset 1 of seed 7",
      "random subset 2 of seed 7",
    ]);
  });

  test("random subsets repeat with their seed and differ with another", () => {
    const disk = planted({});
    for (let n = 0; n < 30; n++) disk.makeDirectory(`/w/d${n}`);
    const found = (seed: number): string[] =>
      [...powerLosses(disk, { randomSubsets: 5, seed })]
        .slice(-5)
        .map((lost) => names(lost.disk).join());
    expect(found(1)).toEqual(found(1));
    expect(found(1)).not.toEqual(found(2));
    expect(new Set(found(1)).size).toBe(5);
  });
});

describe("a process", () => {
  test("is stopped before operation n, and does nothing more", () => {
    const disk = planted({ f: "" });
    disk.plan({ stopAt: 2 });
    disk.makeDirectory("/w/a");
    disk.makeDirectory("/w/b");
    expect(() => disk.makeDirectory("/w/c")).toThrow(SimulatedStop);
    expect(disk.stopped).toBe(true);
    for (const call of [
      () => disk.makeDirectory("/w/d"),
      () => disk.status("/w/f"),
      () => disk.readFile("/w/f"),
      () => disk.list("/w"),
      () => disk.tryLock("/w/lock"),
      () => disk.syncFile("/w/f"),
    ]) {
      expect(call).toThrow(SimulatedStop);
    }
    expect(names(disk)).toEqual(["a", "b", "f"]);
    expect(disk.operations.map(({ name, path }) => `${name} ${path}`)).toEqual([
      "mkdir /w/a",
      "mkdir /w/b",
    ]);
  });

  test("that is stopped between creating and writing leaves an empty file", () => {
    const disk = planted({});
    disk.plan({ stopAt: 1 });
    expect(() => disk.createFile("/w/f", "text")).toThrow(SimulatedStop);
    expect(readText(disk.crash(), "/w/f")).toBe("");
  });

  test("keeps what it did when it is killed, except its locks", () => {
    const disk = planted({});
    disk.createFile("/w/f", "text");
    const lock = disk.tryLock("/w/lock");
    const writer = disk.openWriter("/w/g");
    const next = disk.crash();
    expect(readText(next, "/w/f")).toBe("text");
    expect(next.pending).not.toEqual([]);
    expect(next.processId).not.toBe(disk.processId);
    expect(() => writer.write(Buffer.from("late"))).toThrow(SimulatedStop);
    expect(() => lock?.describe("late")).toThrow(SimulatedStop);
    expect(() => disk.list("/w")).toThrow(SimulatedStop);
    const taken = next.tryLock("/w/lock");
    expect(taken).toBeDefined();
    lock?.release();
    expect(next.asProcess("other").tryLock("/w/lock")).toBeUndefined();
  });

  test("loses its locks when its plan stops it", () => {
    const disk = planted({});
    const other = disk.asProcess("other");
    expect(disk.tryLock("/w/lock")).toBeDefined();
    expect(other.tryLock("/w/lock")).toBeUndefined();
    disk.plan({ stopAt: 0 });
    expect(() => disk.makeDirectory("/w/d")).toThrow(SimulatedStop);
    expect(other.stopped).toBe(false);
    expect(other.tryLock("/w/lock")).toBeDefined();
  });
});

describe("a process beside another", () => {
  test("has its own plan and log, and sees what the others do", () => {
    const disk = planted({});
    const other = disk.asProcess("other");
    expect(disk.asProcess("other").processId).toBe(other.processId);
    other.plan({ failAt: { n: 0, code: "EIO" } });
    disk.makeDirectory("/w/a");
    expect(() => other.makeDirectory("/w/b")).toThrow(DiskError);
    other.makeDirectory("/w/a/c");
    expect(names(disk)).toEqual(["a", "a/c"]);
    expect(disk.operations).toEqual([{ name: "mkdir", path: "/w/a" }]);
    expect(other.operations).toEqual([{ name: "mkdir", path: "/w/a/c" }]);
  });

  test("can be interleaved with another at any operation", () => {
    const seen: string[] = [];
    const disk = planted({});
    const other = disk.asProcess("other");
    disk.plan({
      before: (n, { name, path }) => {
        seen.push(`${n} ${name} ${path}`);
        if (n === 1) other.createFile("/w/b", "theirs");
      },
    });
    disk.createFile("/w/a", "");
    expect(() => disk.makeDirectory("/w/b")).toThrow("mkdir /w/b: already exists (EEXIST)");
    expect(seen).toEqual(["0 create /w/a", "1 mkdir /w/b"]);
  });

  test("can be killed by another at any operation", () => {
    const disk = planted({});
    disk.plan({ before: (n) => void (n === 1 && disk.crash()) });
    disk.makeDirectory("/w/a");
    expect(() => disk.makeDirectory("/w/b")).toThrow(SimulatedStop);
    expect(names(disk)).toEqual(["a"]);
  });

  test("has its reading counted when that is planned", () => {
    const disk = planted({ f: "text" });
    disk.plan({ countReads: true, failAt: { n: 2, code: "EIO" } });
    disk.status("/w/f");
    disk.list("/w");
    expect(() => disk.readFile("/w/f")).toThrow("read /w/f: input/output error (EIO)");
    disk.removeFile("/w/f");
    expect(disk.operations.map(({ name }) => name)).toEqual(["lstat", "list", "unlink"]);
  });
});

describe("a planned failure", () => {
  test("hits operation n only, with its path", () => {
    const disk = planted({ a: "", b: "" });
    disk.plan({ failAt: { n: 1, code: "EACCES" } });
    disk.removeFile("/w/a");
    expect(() => disk.rename("/w/b", "/w/c")).toThrow("rename /w/c: permission denied (EACCES)");
    disk.rename("/w/b", "/w/c");
    expect(names(disk)).toEqual(["c"]);
    disk.plan({});
    expect(disk.operations).toEqual([]);
  });

  test("of a full disk hits what needs space, and leaves no half-made file", () => {
    const disk = planted({ a: "text", log: "", "d/": "", "e/": "" });
    const writer = disk.openWriter("/w/log", { append: true });
    disk.plan({ failFrom: { n: 1, code: "ENOSPC" } });
    for (const call of [
      () => disk.createFile("/w/b", "text"),
      () => disk.copyFile("/w/a", "/w/b"),
      () => disk.makeDirectory("/w/b"),
      () => disk.makeLink("/w/b", "a"),
      () => disk.hardLink("/w/a", "/w/b"),
      () => writer.write(Buffer.from("x")),
      () => disk.tryLock("/w/b"),
    ]) {
      expect(call).toThrow("ENOSPC");
    }
    disk.rename("/w/a", "/w/c");
    disk.exchange("/w/c", "/w/d");
    disk.syncFileSystem("/w");
    disk.removeDirectory("/w/e");
    expect(names(disk)).toEqual(["c", "d", "log"]);
  });

  test("of a broken disk hits everything from n on", () => {
    const disk = planted({ a: "" });
    disk.plan({ failFrom: { n: 1, code: "EIO" } });
    disk.rename("/w/a", "/w/b");
    expect(() => disk.syncDirectory("/w")).toThrow("EIO");
    expect(() => disk.removeFile("/w/b")).toThrow("EIO");
    expect(disk.pending).toHaveLength(1);
  });
});

describe("a machine", () => {
  test("has file systems that lack what some lack", () => {
    const disk = createSimulatedDisk({
      mounts: [
        { path: "/nfs", renameFlags: false },
        { path: "/fat", hardLinks: false },
        { path: "/cd", readOnly: true },
      ],
    });
    for (const path of ["/nfs/a", "/nfs/b", "/fat/a"]) disk.createFile(path, "");
    expect(() => disk.exchange("/nfs/a", "/nfs/b")).toThrow("EINVAL");
    expect(() => disk.renameNoReplace("/nfs/a", "/nfs/c")).toThrow("EINVAL");
    disk.rename("/nfs/a", "/nfs/b");
    expect(() => disk.hardLink("/fat/a", "/fat/b")).toThrow("EPERM");
    expect(() => disk.createFile("/cd/a", "")).toThrow("EROFS");
    expect(disk.isWritable("/cd")).toBe(false);
    expect(() => disk.rename("/nfs", "/nfs2")).toThrow("EBUSY");
    expect(() => disk.removeDirectory("/fat")).toThrow("EBUSY");
    expect(disk.realPath("/nfs/../fat/a")).toBe("/fat/a");
    expect(disk.list("/").map(({ name }) => name)).toEqual(["cd", "fat", "nfs"]);
    expect(names(loseAll(disk), "/")).toEqual(["cd", "fat", "nfs"]);
  });

  test("has devices and sockets when they are planted", () => {
    const disk = planted({});
    disk.plantSpecial("/w/whiteout", "device");
    expect(loseAll(disk).status("/w/whiteout")).toMatchObject({ type: "device", deviceNumber: 0n });
    expect(disk.list("/w")).toEqual([{ name: "whiteout", type: "device" }]);
    expect(() => disk.readFile("/w/whiteout")).toThrow("ENXIO");
    disk.removeFile("/w/whiteout");
  });

  test("is copied with its unsynced changes and without its locks", () => {
    const disk = planted({ f: "old" });
    disk.createFile("/w/g", "");
    disk.tryLock("/w/lock");
    const copy = disk.copy();
    copy.removeFile("/w/f");
    disk.setMode("/w/g", 0o600);
    disk.createFile("/w/h", "");
    expect(copy.status("/w/g")?.mode).toBe(0o644);
    expect(names(copy)).toEqual(["g", "lock"]);
    expect(copy.tryLock("/w/lock")).toBeDefined();
    expect(names(disk)).toEqual(["f", "g", "h", "lock"]);
    expect(names(loseAll(copy))).toEqual(["f"]);
  });

  test("planting and looking are neither counted nor stopped", () => {
    const disk = planted({});
    disk.plan({ stopAt: 0 });
    disk.plant("/w", { a: { content: "x", mode: 0o600 }, l: { link: "a" }, h: { hardLink: "a" } });
    expect(disk.operations).toEqual([]);
    expect(disk.snapshot("/w")).toEqual({
      a: { type: "file", mode: 0o600, content: "x" },
      h: { type: "file", mode: 0o600, content: "x" },
      l: { type: "link", target: "a" },
    });
  });
});
