/** The contract of a Disk, held by the simulated and the real one alike. */
import * as childProcess from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { digestOf } from "../../src/core/index.ts";
import {
  createSimulatedDisk,
  type Disk,
  DiskError,
  exists,
  makeDirectories,
  plantTree,
  readText,
  readTextIfAny,
  removeTree,
  snapshotTree,
  writeAtomically,
} from "../../src/world/index.ts";
import { createRealDisk } from "../../src/world/real/disk.ts";

interface Bench {
  readonly disk: Disk;
  readonly root: string;
  /** A folder on another file system; undefined where there is none. */
  readonly elsewhere: string | undefined;
  /** The same disk as one sees it who is not root. */
  readonly asOrdinaryUser: () => Disk;
  readonly giveAttribute: (path: string, name: string) => boolean;
  readonly plantFifo: (path: string) => void;
  readonly end: () => void;
}

const isRoot = process.getuid?.() === 0;

function simulatedBench(): Bench {
  const disk = createSimulatedDisk({ mounts: ["/", "/other"], privileged: isRoot });
  const ordinary = createSimulatedDisk();
  disk.plant("/work", {});
  ordinary.plant("/work", {});
  return {
    disk,
    root: "/work",
    elsewhere: "/other",
    asOrdinaryUser: () => ordinary,
    giveAttribute: (file, name) => {
      disk.plantAttribute(file, name);
      return true;
    },
    plantFifo: (file) => disk.plantSpecial(file, "fifo"),
    end: () => {},
  };
}

function realBench(): Bench {
  const root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "tenon-disk-")));
  const elsewhere = otherFileSystem(root);
  return {
    disk: createRealDisk(),
    root,
    elsewhere,
    asOrdinaryUser: () => (isRoot ? asUser(createRealDisk(), root) : createRealDisk()),
    giveAttribute: (file, name) =>
      childProcess.spawnSync("python3", ["-c", setAttribute, file, name]).status === 0,
    plantFifo: (file) => void childProcess.spawnSync("mkfifo", [file]),
    end: () => {
      for (const folder of [root, elsewhere]) {
        if (folder !== undefined) fs.rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}

const ordinaryUserId = 65_534;

/** Gives the folder to another user and makes every call as that user. */
function asUser(disk: Disk, root: string): Disk {
  fs.chownSync(root, ordinaryUserId, ordinaryUserId);
  return new Proxy(disk, {
    get:
      (target, name: keyof Disk) =>
      (...parameters: never[]): unknown => {
        process.seteuid?.(ordinaryUserId);
        try {
          return (target[name] as (...parameters: never[]) => unknown)(...parameters);
        } finally {
          process.seteuid?.(0);
        }
      },
  });
}

const setAttribute = "import os, sys; os.setxattr(sys.argv[1], sys.argv[2], b'1')";

function otherFileSystem(root: string): string | undefined {
  const memory = "/dev/shm";
  if (!fs.existsSync(memory) || fs.statSync(memory).dev === fs.statSync(root).dev) return undefined;
  return fs.mkdtempSync(`${memory}/tenon-disk-`);
}

describe.each([
  ["simulated", simulatedBench],
  ["real", realBench],
])("the %s disk", (name, makeBench) => {
  let bench: Bench;
  let disk: Disk;
  let root: string;
  const at = (name: string): string => `${root}/${name}`;
  const tree = (): unknown => snapshotTree(disk, root);

  beforeEach(() => {
    bench = makeBench();
    ({ disk, root } = bench);
  });
  afterEach(() => bench.end());

  /** What an action is refused with: `operation CODE path`, the path relative to the root. */
  const refusal = (action: () => unknown): string => {
    try {
      action();
    } catch (error) {
      if (!(error instanceof DiskError)) throw error;
      return `${error.operation} ${error.code} ${error.path.replace(`${root}/`, "")}`;
    }
    return "not refused";
  };

  describe("reading", () => {
    test("status tells type, mode and size, and does not follow a symlink", () => {
      plantTree(disk, root, { f: { content: "hello", mode: 0o640 }, d: { link: "f" }, "e/": "" });
      expect(disk.status(at("f"))).toMatchObject({ type: "file", mode: 0o640, sizeBytes: 5 });
      expect(disk.status(at("f"))).toMatchObject({ linkCount: 1, deviceNumber: 0n });
      expect(disk.status(at("d"))).toMatchObject({ type: "link", sizeBytes: 1 });
      expect(disk.statusOfTarget(at("d"))).toMatchObject({ type: "file", sizeBytes: 5 });
      expect(disk.status(at("e"))).toMatchObject({ type: "directory", mode: 0o755 });
      expect(disk.status(at("f"))?.ownerId).toBe(disk.status(root)?.ownerId);
      expect(disk.statusOfTarget(at("d"))?.inode).toBe(disk.status(at("f"))?.inode);
      expect(disk.status(at("f"))?.device).toBe(disk.status(root)?.device);
    });

    test("status of nothing is undefined", () => {
      plantTree(disk, root, { f: "", dangling: { link: "nowhere" } });
      expect(disk.status(at("none"))).toBeUndefined();
      expect(disk.status(at("none/deeper"))).toBeUndefined();
      expect(disk.status(at("f/below"))).toBeUndefined();
      expect(disk.statusOfTarget(at("dangling"))).toBeUndefined();
      expect(disk.status(at("dangling"))?.type).toBe("link");
      expect(exists(disk, at("dangling"))).toBe(true);
    });

    test("list is sorted by code unit and says types", () => {
      plantTree(disk, root, { b: "", a: { link: "b" }, "B/": "", é: "" });
      expect(disk.list(root)).toEqual([
        { name: "B", type: "directory" },
        { name: "a", type: "link" },
        { name: "b", type: "file" },
        { name: "é", type: "file" },
      ]);
      expect(disk.list(at("B"))).toEqual([]);
      expect(refusal(() => disk.list(at("b")))).toBe("list ENOTDIR b");
      expect(refusal(() => disk.list(at("none")))).toBe("list ENOENT none");
    });

    test("readFile, readChunks and digestFile agree", () => {
      const content = Buffer.alloc(600_000, "0123456789abcdef!");
      plantTree(disk, root, { big: content, empty: "" });
      expect(Buffer.from(disk.readFile(at("big"))).equals(content)).toBe(true);
      expect(Buffer.concat([...disk.readChunks(at("big"))]).equals(content)).toBe(true);
      expect([...disk.readChunks(at("big"))].length).toBeGreaterThan(1);
      expect([...disk.readChunks(at("empty"))]).toEqual([]);
      const end = Buffer.concat([...disk.readChunks(at("big"), 1000)]);
      expect(end.equals(content.subarray(1000))).toBe(true);
      expect([...disk.readChunks(at("big"), content.length)]).toEqual([]);
      expect(disk.digestFile(at("big"))).toBe(digestOf(content));
      expect(disk.digestFile(at("empty"))).toBe(digestOf(""));
    });

    test("reading follows a symlink, and refuses directories and nothing", () => {
      plantTree(disk, root, { f: "text", l: { link: "f" }, "d/": "" });
      expect(readText(disk, at("l"))).toBe("text");
      expect(disk.digestFile(at("l"))).toBe(digestOf("text"));
      expect(refusal(() => disk.readFile(at("d")))).toBe("read EISDIR d");
      expect(refusal(() => disk.digestFile(at("d")))).toBe("read EISDIR d");
      expect(refusal(() => [...disk.readChunks(at("d"))])).toBe("read EISDIR d");
      expect(refusal(() => disk.readFile(at("none")))).toBe("read ENOENT none");
      expect(refusal(() => disk.digestFile(at("none")))).toBe("read ENOENT none");
      expect(refusal(() => [...disk.readChunks(at("none"))])).toBe("read ENOENT none");
      expect(refusal(() => disk.readFile(at("f/x")))).toBe("read ENOTDIR f/x");
      expect(readTextIfAny(disk, at("none"))).toBeUndefined();
      expect(readTextIfAny(disk, at("f/x"))).toBeUndefined();
    });

    test("a buffer that was read is the caller's own", () => {
      plantTree(disk, root, { f: "text" });
      disk.readFile(at("f")).fill(0);
      expect(readText(disk, at("f"))).toBe("text");
    });

    test("readLink gives the target as written", () => {
      plantTree(disk, root, { l: { link: "../some//where" }, f: "" });
      expect(disk.readLink(at("l"))).toBe("../some//where");
      expect(refusal(() => disk.readLink(at("f")))).toBe("readlink EINVAL f");
      expect(refusal(() => disk.readLink(at("none")))).toBe("readlink ENOENT none");
    });

    test("realPath resolves every symlink", () => {
      plantTree(disk, root, { "a/b/f": "", l: { link: "a/b" }, "a/up": { link: "../l/f" } });
      plantTree(disk, root, { abs: { link: at("l") }, dangling: { link: "nowhere" } });
      expect(disk.realPath(at("l/f"))).toBe(at("a/b/f"));
      expect(disk.realPath(at("a/up"))).toBe(at("a/b/f"));
      expect(disk.realPath(at("abs/../b/f"))).toBe(at("a/b/f"));
      expect(disk.realPath(at("l"))).toBe(at("a/b"));
      expect(disk.realPath("/")).toBe("/");
      expect(refusal(() => disk.realPath(at("dangling")))).toBe("realpath ENOENT dangling");
      expect(refusal(() => disk.realPath(at("none")))).toBe("realpath ENOENT none");
    });

    test("a circle of symlinks is ELOOP, and leads to nothing", () => {
      plantTree(disk, root, { a: { link: "b" }, b: { link: "a" } });
      expect(refusal(() => disk.readFile(at("a")))).toBe("read ELOOP a");
      expect(disk.status(at("a"))?.type).toBe("link");
      expect(disk.status(at("a/x"))).toBe(undefined);
      expect(disk.statusOfTarget(at("b"))).toBe(undefined);
      expect(refusal(() => disk.realPath(at("b")))).toBe("realpath ELOOP b");
    });

    test("forty symlinks are followed and no more", () => {
      disk.createFile(at("l0"), "end");
      for (let n = 1; n <= 41; n++) disk.makeLink(at(`l${n}`), `l${n - 1}`);
      expect(readText(disk, at("l40"))).toBe("end");
      expect(refusal(() => disk.readFile(at("l41")))).toBe("read ELOOP l41");
    });

    test("a name of more than 255 bytes is ENAMETOOLONG", () => {
      const name = "é".repeat(128);
      expect(refusal(() => disk.createFile(at(name), ""))).toBe(`create ENAMETOOLONG ${name}`);
      disk.createFile(at(`${"é".repeat(127)}x`), "");
      expect(disk.list(root)).toHaveLength(1);
    });

    test("isWritable tells directories that take entries", () => {
      plantTree(disk, root, { "d/": "" });
      expect(disk.isWritable(at("d"))).toBe(true);
      expect(disk.isWritable(at("none"))).toBe(false);
    });
  });

  describe("creating", () => {
    test("createFile sets the exact mode", () => {
      disk.createFile(at("a"), "text");
      disk.createFile(at("b"), new Uint8Array([0, 255]), 0o777);
      disk.createFile(at("c"), "", 0o4755);
      disk.createFile(at("d"), "read only", 0o444);
      expect(disk.status(at("a"))?.mode).toBe(0o644);
      expect(disk.status(at("b"))).toMatchObject({ mode: 0o777, sizeBytes: 2 });
      expect(disk.status(at("c"))?.mode).toBe(0o4755);
      expect(readText(disk, at("d"))).toBe("read only");
    });

    test("nothing is created over something", () => {
      const kinds = { f: "old", "d/": "", l: { link: "f" }, dangling: { link: "none" } };
      plantTree(disk, root, kinds);
      const before = tree();
      for (const name of ["f", "d", "l", "dangling"]) {
        const place = at(name);
        expect(refusal(() => disk.createFile(place, "new"))).toBe(`create EEXIST ${name}`);
        expect(refusal(() => disk.openWriter(place))).toBe(`create EEXIST ${name}`);
        expect(refusal(() => disk.makeDirectory(place))).toBe(`mkdir EEXIST ${name}`);
        expect(refusal(() => disk.makeLink(place, "x"))).toBe(`symlink EEXIST ${name}`);
        expect(refusal(() => disk.hardLink(at("f"), place))).toBe(`link EEXIST ${name}`);
        expect(refusal(() => disk.copyFile(at("f"), place))).toBe(`copy EEXIST ${name}`);
      }
      expect(tree()).toEqual(before);
    });

    test("nothing is created in nothing, or in a file", () => {
      plantTree(disk, root, { f: "" });
      for (const [name, code] of [
        ["none/x", "ENOENT"],
        ["f/x", "ENOTDIR"],
      ] as const) {
        const place = at(name);
        expect(refusal(() => disk.createFile(place, ""))).toBe(`create ${code} ${name}`);
        expect(refusal(() => disk.openWriter(place))).toBe(`create ${code} ${name}`);
        expect(refusal(() => disk.makeDirectory(place))).toBe(`mkdir ${code} ${name}`);
        expect(refusal(() => disk.makeLink(place, "x"))).toBe(`symlink ${code} ${name}`);
        expect(refusal(() => disk.hardLink(at("f"), place))).toBe(`link ${code} ${name}`);
        expect(refusal(() => disk.copyFile(at("f"), place))).toBe(`copy ${code} ${name}`);
        expect(refusal(() => disk.tryLock(place))).toBe(`lock ${code} ${name}`);
      }
    });

    test("what is taken for a plain file is one", () => {
      const content = "some text";
      plantTree(disk, root, { f: { content, mode: 0o640 }, "d/": "", l: { link: "f" } });
      bench.plantFifo(at("fifo"));
      const { ownerId } = disk.status(at("f")) ?? {};
      const read = disk.readPlainFile(at("f"), content.length);
      expect({ ...read, content: Buffer.from(read.content).toString() }).toEqual({
        content,
        mode: 0o640,
        ownerId,
      });
      expect(refusal(() => disk.readPlainFile(at("f"), content.length - 1))).toBe("read EFBIG f");
      for (const [name, code] of [
        ["l", "ELOOP"],
        ["d", "EISDIR"],
        ["fifo", "ENXIO"],
        ["none", "ENOENT"],
      ] as const) {
        expect(refusal(() => disk.readPlainFile(at(name), 1e6))).toBe(`read ${code} ${name}`);
        const append = (): unknown => disk.openWriter(at(name), { append: true });
        if (name !== "none") expect(refusal(append)).toBe(`open ${code} ${name}`);
      }
      expect(readText(disk, at("f"))).toBe(content);
    });

    test("a writer writes piece by piece, and appends when it is told to", () => {
      const first = disk.openWriter(at("f"), { mode: 0o600 });
      first.write(Buffer.from("one "));
      first.write(Buffer.from("two "));
      first.sync();
      first.close();
      const second = disk.openWriter(at("f"), { append: true });
      second.write(Buffer.from("three"));
      second.close();
      second.close();
      expect(readText(disk, at("f"))).toBe("one two three");
      expect(disk.status(at("f"))?.mode).toBe(0o600);
      expect(refusal(() => second.write(Buffer.from("x")))).toBe("write EBADF f");
      expect(refusal(() => second.sync())).toBe("fsync EBADF f");
    });

    test("appending makes a missing file, follows no symlink, and refuses a directory", () => {
      plantTree(disk, root, { l: { link: "f" }, "d/": "" });
      const writer = disk.openWriter(at("f"), { append: true });
      writer.write(Buffer.from("f;"));
      writer.close();
      expect(refusal(() => disk.openWriter(at("l"), { append: true }))).toBe("open ELOOP l");
      expect(readText(disk, at("f"))).toBe("f;");
      expect(refusal(() => disk.openWriter(at("d"), { append: true }))).toBe("open EISDIR d");
    });

    test("a writer keeps writing to its file after a rename and a removal", () => {
      const writer = disk.openWriter(at("a"));
      disk.rename(at("a"), at("b"));
      writer.write(Buffer.from("x"));
      expect(readText(disk, at("b"))).toBe("x");
      disk.removeFile(at("b"));
      writer.write(Buffer.from("y"));
      writer.close();
      expect(disk.list(root)).toEqual([]);
    });

    test("makeDirectory sets the exact mode; makeDirectories makes parents", () => {
      disk.makeDirectory(at("d"), 0o1777);
      expect(disk.status(at("d"))?.mode).toBe(0o1777);
      makeDirectories(disk, at("d/e/f"));
      makeDirectories(disk, at("d/e/f"));
      expect(disk.status(at("d/e/f"))?.mode).toBe(0o755);
      disk.createFile(at("file"), "");
      expect(refusal(() => makeDirectories(disk, at("file")))).toBe("mkdir EEXIST file");
      expect(refusal(() => makeDirectories(disk, at("file/x")))).toBe("mkdir ENOTDIR file/x");
    });

    test("an empty symlink target is refused", () => {
      expect(refusal(() => disk.makeLink(at("l"), ""))).toBe("symlink ENOENT l");
    });

    test("hard links share everything but the name", () => {
      plantTree(disk, root, { f: "text", "d/": "", l: { link: "f" } });
      disk.hardLink(at("f"), at("d/g"));
      expect(disk.status(at("d/g"))?.inode).toBe(disk.status(at("f"))?.inode);
      expect(disk.status(at("f"))?.linkCount).toBe(2);
      disk.setMode(at("d/g"), 0o600);
      expect(disk.status(at("f"))?.mode).toBe(0o600);
      disk.removeFile(at("f"));
      expect(readText(disk, at("d/g"))).toBe("text");
      expect(disk.status(at("d/g"))?.linkCount).toBe(1);
      disk.hardLink(at("l"), at("m"));
      expect(disk.readLink(at("m"))).toBe("f");
      expect(refusal(() => disk.hardLink(at("d"), at("e")))).toBe("link EPERM e");
      expect(refusal(() => disk.hardLink(at("none"), at("e")))).toBe("link ENOENT none");
    });

    test("copyFile copies content, mode and time", () => {
      plantTree(disk, root, { f: { content: "text", mode: 0o555 }, l: { link: "f" }, "d/": "" });
      disk.setTimes(at("f"), 1_234_567_890_500);
      disk.copyFile(at("f"), at("g"));
      disk.copyFile(at("l"), at("h"));
      for (const name of ["g", "h"]) {
        expect(readText(disk, at(name))).toBe("text");
        expect(disk.status(at(name))).toMatchObject({ type: "file", mode: 0o555, linkCount: 1 });
        expect(disk.status(at(name))?.modifiedMs).toBeCloseTo(1_234_567_890_500, 1);
      }
      expect(refusal(() => disk.copyFile(at("none"), at("i")))).toBe("copy ENOENT none");
      expect(refusal(() => disk.copyFile(at("d"), at("i")))).toMatch(/^copy EISDIR /);
      expect(exists(disk, at("i"))).toBe(false);
    });

    test("copyChecked copies a regular file, and gives the digest of what it wrote", () => {
      const content = Buffer.alloc(700_000, "many pieces");
      plantTree(disk, root, {
        f: { content, mode: 0o555 },
        empty: "",
        l: { link: "f" },
        "d/": "",
      });
      disk.setTimes(at("f"), 1_234_567_890_500);
      for (const [from, to] of [
        ["f", "g"],
        ["empty", "h"],
      ] as const) {
        const copied = disk.copyChecked(at(from), at(to), { share: false });
        const { mode, sizeBytes, linkCount } = disk.status(at(from)) ?? {};
        expect(disk.status(at(to))).toMatchObject({ type: "file", mode, sizeBytes, linkCount });
        expect(copied).toMatchObject({ mode, sizeBytes, sha256: disk.digestFile(at(to)) });
        expect(copied.sha256).toBe(disk.digestFile(at(from)));
      }
      expect(disk.status(at("g"))?.modifiedMs).toBeCloseTo(1_234_567_890_500, 1);
      for (const [from, failure] of [
        ["none", "copy ENOENT none"],
        ["l", "copy ELOOP l"],
        ["d", "copy EINVAL d"],
      ] as const) {
        const copy = () => disk.copyChecked(at(from), at("i"), { share: true });
        expect(refusal(copy)).toBe(failure);
      }
      expect(refusal(() => disk.copyChecked(at("f"), at("g"), { share: false }))).toBe(
        "copy EEXIST g",
      );
      expect(exists(disk, at("i"))).toBe(false);
      expect(disk.digestFile(at("g"))).toBe(disk.digestFile(at("f")));
    });
  });

  describe("changing and removing", () => {
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

  describe("rename", () => {
    test("moves a file, a directory, a link", () => {
      plantTree(disk, root, { f: "1", "d/x": "2", l: { link: "f" }, "to/": "" });
      for (const name of ["f", "d", "l"]) disk.rename(at(name), at(`to/${name}`));
      expect(tree()).toMatchObject({ "to/f": { content: "1" }, "to/d/x": { content: "2" } });
      expect(disk.readLink(at("to/l"))).toBe("f");
      expect(disk.list(root)).toHaveLength(1);
      expect(disk.realPath(at("to/d/.."))).toBe(at("to"));
    });

    test("replaces a file by a file, a link by a file, an empty directory by a directory", () => {
      plantTree(disk, root, { a: "new", b: "old", c: { link: "b" }, "d/x": "x", "e/": "" });
      disk.hardLink(at("a"), at("a2"));
      disk.rename(at("a"), at("b"));
      disk.rename(at("a2"), at("c"));
      disk.rename(at("d"), at("e"));
      expect(tree()).toMatchObject({ b: { content: "new" }, c: { content: "new" } });
      expect(disk.list(root).map(({ name }) => name)).toEqual(["b", "c", "e"]);
      expect(disk.list(at("e"))).toHaveLength(1);
    });

    test("refuses what does not fit, and changes nothing", () => {
      plantTree(disk, root, { f: "f", "d/x": "x", "full/y": "y", "empty/": "" });
      const before = tree();
      const rename = (from: string, to: string): string =>
        refusal(() => disk.rename(at(from), at(to)));
      expect(rename("none", "g")).toBe("rename ENOENT none");
      expect(rename("f", "none/g")).toBe("rename ENOENT none/g");
      expect(rename("f/x", "g")).toBe("rename ENOTDIR f/x");
      expect(rename("f", "d/x/y")).toBe("rename ENOTDIR d/x/y");
      expect(rename("d", "full")).toBe("rename ENOTEMPTY full");
      expect(rename("f", "d")).toBe("rename EISDIR d");
      expect(rename("f", "empty")).toBe("rename EISDIR empty");
      expect(rename("d", "f")).toBe("rename ENOTDIR f");
      expect(rename("d", "d/x/z")).toBe("rename ENOTDIR d/x/z");
      expect(rename("d", "d/z")).toBe("rename EINVAL d/z");
      expect(rename("d/x", "d")).toBe("rename ENOTEMPTY d");
      expect(tree()).toEqual(before);
    });

    test("between two hard links of one file does nothing", () => {
      plantTree(disk, root, { a: "x", b: { hardLink: "a" } });
      disk.rename(at("a"), at("b"));
      disk.rename(at("a"), at("a"));
      expect(disk.list(root)).toHaveLength(2);
      disk.exchange(at("a"), at("b"));
      expect(refusal(() => disk.renameNoReplace(at("a"), at("b")))).toBe("rename EEXIST b");
      expect(disk.status(at("a"))?.linkCount).toBe(2);
    });

    test("keeps the inode, whose readers never see a gap", () => {
      plantTree(disk, root, { a: "x" });
      const before = disk.status(at("a"))?.inode;
      disk.rename(at("a"), at("b"));
      expect(disk.status(at("b"))?.inode).toBe(before);
    });
  });

  describe("renameNoReplace", () => {
    test("moves to a free name and refuses any other", () => {
      plantTree(disk, root, { f: "f", g: "g", "d/": "", "e/": "", l: { link: "none" } });
      for (const to of ["g", "d", "l"]) {
        const refused = refusal(() => disk.renameNoReplace(at("f"), at(to)));
        expect(refused).toBe(`rename EEXIST ${to}`);
      }
      expect(refusal(() => disk.renameNoReplace(at("e"), at("d")))).toBe("rename EEXIST d");
      expect(refusal(() => disk.renameNoReplace(at("x"), at("d")))).toBe("rename ENOENT x");
      expect(refusal(() => disk.renameNoReplace(at("d"), at("d/z")))).toBe("rename EINVAL d/z");
      disk.renameNoReplace(at("d"), at("e/d"));
      disk.renameNoReplace(at("f"), at("e/d/f"));
      expect(tree()).toMatchObject({ "e/d/f": { content: "f" } });
    });
  });

  describe("exchange", () => {
    test("swaps two directories, two files, and a directory with a file", () => {
      plantTree(disk, root, { "a/x": "1", "b/c/y": "2", f: "f", g: "g", l: { link: "f" } });
      disk.exchange(at("a"), at("b/c"));
      expect(disk.list(at("a"))).toEqual([{ name: "y", type: "file" }]);
      disk.exchange(at("f"), at("g"));
      expect(readText(disk, at("f"))).toBe("g");
      disk.exchange(at("a"), at("f"));
      expect(readText(disk, at("a"))).toBe("g");
      expect(readText(disk, at("f/y"))).toBe("2");
      disk.exchange(at("l"), at("b/c"));
      expect(disk.readLink(at("b/c"))).toBe("f");
      expect(disk.realPath(at("l/.."))).toBe(root);
      expect(readText(disk, at("l/x"))).toBe("1");
    });

    test("refuses what is missing and what would make a circle", () => {
      plantTree(disk, root, { "a/b/": "", f: "" });
      expect(refusal(() => disk.exchange(at("f"), at("none")))).toBe("exchange ENOENT none");
      expect(refusal(() => disk.exchange(at("none"), at("f")))).toBe("exchange ENOENT none");
      expect(refusal(() => disk.exchange(at("a"), at("a/b")))).toBe("exchange EINVAL a/b");
      expect(refusal(() => disk.exchange(at("a/b"), at("a")))).toBe("exchange EINVAL a");
    });
  });

  test("nothing moves or links across file systems", (context) => {
    const { elsewhere } = bench;
    if (elsewhere === undefined) return context.skip("there is no second file system to write to");
    plantTree(disk, root, { f: "text", "d/": "" });
    disk.createFile(`${elsewhere}/there`, "");
    expect(disk.status(elsewhere)?.device).not.toBe(disk.status(root)?.device);
    for (const name of ["f", "d"]) {
      const to = `${elsewhere}/${name}`;
      expect(refusal(() => disk.rename(at(name), to))).toBe(`rename EXDEV ${to}`);
      expect(refusal(() => disk.renameNoReplace(at(name), to))).toBe(`rename EXDEV ${to}`);
    }
    const there = `${elsewhere}/there`;
    expect(refusal(() => disk.exchange(at("f"), there))).toBe(`exchange EXDEV ${there}`);
    const linked = `${elsewhere}/linked`;
    expect(refusal(() => disk.hardLink(at("f"), linked))).toBe(`link EXDEV ${linked}`);
    disk.copyFile(at("f"), `${elsewhere}/copied`);
    expect(readText(disk, `${elsewhere}/copied`)).toBe("text");
  });

  test("syncing takes files, directories and whole file systems, and refuses nothing", () => {
    plantTree(disk, root, { "d/f": "text" });
    disk.syncFile(at("d/f"));
    disk.syncDirectory(at("d"));
    disk.syncFileSystem(at("d"));
    expect(refusal(() => disk.syncFile(at("none")))).toBe("fsync ENOENT none");
    expect(refusal(() => disk.syncDirectory(at("none")))).toBe("fsync ENOENT none");
    expect(refusal(() => disk.syncFileSystem(at("none")))).toBe("syncfs ENOENT none");
  });

  describe("locks", () => {
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

  describe("permissions of an ordinary user", () => {
    let user: Disk;

    beforeEach(() => {
      user = bench.asOrdinaryUser();
      plantTree(user, root, {
        "closed/f": "",
        "locked/f": "",
        "locked/d/": "",
        "open/": "",
        secret: "x",
        fixed: "x",
      });
      user.setMode(at("closed"), 0o600);
      user.setMode(at("locked"), 0o500);
      user.setMode(at("secret"), 0o200);
      user.setMode(at("fixed"), 0o444);
    });
    afterEach(() => {
      for (const name of ["closed", "locked"]) user.setMode(at(name), 0o700);
    });

    test("a directory without x is not entered", () => {
      expect(refusal(() => user.status(at("closed/f")))).toBe("lstat EACCES closed/f");
      expect(refusal(() => user.readFile(at("closed/f")))).toBe("read EACCES closed/f");
      expect(refusal(() => user.rename(at("closed/f"), at("g")))).toMatch(/^rename EACCES /);
      expect(user.list(at("closed"))).toHaveLength(1);
    });

    test("the entries of a directory without w do not change", () => {
      const [file, fresh] = [at("locked/f"), at("locked/g")];
      expect(refusal(() => user.createFile(file, ""))).toBe("create EEXIST locked/f");
      expect(refusal(() => user.createFile(fresh, ""))).toBe("create EACCES locked/g");
      expect(refusal(() => user.makeDirectory(fresh))).toBe("mkdir EACCES locked/g");
      expect(refusal(() => user.makeLink(fresh, "x"))).toBe("symlink EACCES locked/g");
      expect(refusal(() => user.hardLink(file, fresh))).toBe("link EACCES locked/g");
      expect(refusal(() => user.removeFile(file))).toBe("unlink EACCES locked/f");
      expect(refusal(() => user.removeDirectory(at("locked/d")))).toBe("rmdir EACCES locked/d");
      expect(refusal(() => user.rename(file, at("g")))).toMatch(/^rename EACCES /);
      expect(refusal(() => user.rename(at("fixed"), fresh))).toBe("rename EACCES locked/g");
      expect(refusal(() => user.tryLock(fresh))).toBe("lock EACCES locked/g");
    });

    test("isWritable tells so beforehand", (context) => {
      const isImpostor = isRoot && name === "real";
      if (isImpostor) return context.skip("access(2) judges by the real user, who is root here");
      expect(user.isWritable(at("locked"))).toBe(false);
      expect(user.isWritable(at("open"))).toBe(true);
    });

    test("a directory without w gets no other parent, but another name", () => {
      user.rename(at("locked"), at("renamed"));
      const moved = refusal(() => user.rename(at("renamed"), at("open/locked")));
      expect(moved).toMatch(/^rename EACCES /);
      plantTree(user, root, { "open/d/": "" });
      const swapped = refusal(() => user.exchange(at("renamed"), at("open/d")));
      expect(swapped).toMatch(/^exchange EACCES /);
      user.rename(at("renamed"), at("locked"));
    });

    test("files are opened only as their mode allows", () => {
      expect(refusal(() => user.readFile(at("secret")))).toBe("read EACCES secret");
      expect(refusal(() => user.syncFile(at("secret")))).toBe("fsync EACCES secret");
      expect(refusal(() => user.copyFile(at("secret"), at("g")))).toMatch(/^copy EACCES /);
      const append = (): unknown => user.openWriter(at("fixed"), { append: true });
      expect(refusal(append)).toBe("open EACCES fixed");
      expect(refusal(() => user.tryLock(at("fixed")))).toBe("lock EACCES fixed");
    });
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
