/** What a Disk makes anew. */
import { expect, test } from "vitest";
import { exists, makeDirectories, readText } from "../../../src/world/index.ts";
import { plantTree } from "../../../src/world/simulated/index.ts";
import { at, bench, disk, onEachDisk, refusal, root, tree } from "./bench.ts";

onEachDisk("creating", () => {
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
});

onEachDisk("writing", () => {
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
});

onEachDisk("linking and copying", () => {
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
