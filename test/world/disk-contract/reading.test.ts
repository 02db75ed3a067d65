/** What a Disk tells of what is there. */
import { expect, test } from "vitest";
import { digestOf } from "../../../src/core/index.ts";
import { exists, readText, readTextIfAny } from "../../../src/world/index.ts";
import { plantTree } from "../../../src/world/simulated/index.ts";
import { at, disk, onEachDisk, refusal, root } from "./bench.ts";

onEachDisk("reading", () => {
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

onEachDisk("symlinks", () => {
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
});
