/** How a Disk moves entries. */
import { expect, test } from "vitest";
import { readText } from "../../../src/world/index.ts";
import { plantTree } from "../../../src/world/simulated/index.ts";
import { at, bench, disk, onEachDisk, refusal, root, tree } from "./bench.ts";

onEachDisk("rename", () => {
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

onEachDisk("renameNoReplace and exchange", () => {
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
});
