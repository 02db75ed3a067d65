/** By which a file or folder is known to be unchanged. */
import { expect, test } from "vitest";
import { plantTree } from "../../../src/world/simulated/index.ts";
import { at, disk, onEachDisk, root } from "./bench.ts";

onEachDisk("identities", () => {
  test("an identity is another one after each change, and of a folder only where its names count", () => {
    plantTree(disk, root, { f: "hello", d: { link: "f" }, "e/": "" });
    const look = (): string[] =>
      (["entry", "target", "content"] as const).flatMap((aspect) =>
        ["f", "d", "e", "none", "f/below"].map((name) => disk.identity(at(name), aspect)),
      );
    const changed = (change: () => void): string[] => {
      const before = look();
      change();
      return look().flatMap((each, index) =>
        each === before[index]
          ? []
          : [`${"entry target content".split(" ")[Math.floor(index / 5)]} ${"fde"[index % 5]}`],
      );
    };
    const all = (name: string): string[] => [`entry ${name}`, `target ${name}`, `content ${name}`];
    expect(disk.identity(at("none"), "entry")).toBe("");
    expect(disk.identity(at("f/below"), "content")).toBe("");
    expect(disk.identity(at("d"), "target")).toBe(disk.identity(at("f"), "target"));
    expect(disk.identity(at("d"), "entry")).not.toBe(disk.identity(at("f"), "entry"));
    expect(changed(() => {})).toEqual([]);
    const viaLink = ["entry f", "target f", "target d", "content f", "content d"];
    expect(changed(() => disk.setMode(at("f"), 0o600))).toEqual(viaLink);
    expect(changed(() => disk.setTimes(at("f"), 1_000))).toEqual(viaLink);
    expect(changed(() => disk.createFile(at("e/new"), ""))).toEqual(["content e"]);
    expect(changed(() => disk.setMode(at("e"), 0o700))).toEqual(all("e"));
  });
});
