/** Rpaths and links that are said relative to where they stand, in files of each class and byte order. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { digestOf, type Entry, toRow } from "../../src/core/index.ts";
import { elfTags, readElf } from "../../src/relocation/elf.ts";
import { makeIndependent, sealStage } from "../../src/stage/index.ts";
import {
  createSimulatedDisk,
  type SimulatedDisk,
  type Tree,
} from "../../src/world/simulated/index.ts";
import { type ElfParts, makeElf } from "../relocation/elf-writer.ts";

const prefix = "/home/somebody/a/long/prefix";

function settle(disk: SimulatedDisk): readonly Entry[] {
  const { manifest } = sealStage(disk, "/stage", { package: "greet", drop: [] });
  const surroundings = { prefixes: [prefix], gone: ["/tenon-build/greet"] };
  const changed = makeIndependent(disk, "/stage", { manifest, ...surroundings });
  const after = sealStage(disk, "/stage", { package: "greet", drop: [] }).manifest;
  // What it says of the stage is what the stage holds.
  const byPath = new Map(changed.map((entry) => [entry.path, entry]));
  expect(after).toEqual(manifest.map((entry) => byPath.get(entry.path) ?? entry));
  return changed;
}

function planted(tree: Tree): SimulatedDisk {
  const disk = createSimulatedDisk();
  disk.plant("/stage", tree);
  return disk;
}

const elf = (parts: Partial<ElfParts>): Uint8Array =>
  makeElf({ bits: 64, isLittleEndian: true, needed: ["libx.so"], ...parts });

function runPath(bytes: Uint8Array): string | undefined {
  const file = readElf((offset, length) => bytes.subarray(offset, offset + length));
  const entry = file?.dynamic.find(({ tag }) => tag === elfTags.rpath);
  return entry && file?.text(entry.value);
}

/** Of a library at a path whose rpath was this one. */
function settled(
  rpath: string,
  path = "lib/deep/libgreet.so",
  parts: Partial<ElfParts> = {},
): string {
  const content = elf({ rpath, ...parts });
  const disk = planted({ [path]: { content, mode: 0o555 } });
  const changed = settle(disk);
  const after = disk.readFile(`/stage/${path}`);
  expect(after.length).toBe(content.length);
  expect(disk.status(`/stage/${path}`)?.mode).toBe(0o555);
  const text = runPath(after) ?? "";
  expect(changed.length).toBe(text === rpath ? 0 : 1);
  // Nothing of the old text stays behind the new one.
  if (text !== rpath)
    expect(Buffer.from(after).includes(rpath.slice(-9))).toBe(text.endsWith(rpath.slice(-9)));
  return text;
}

describe("rpaths", () => {
  test.each([
    [`${prefix}/lib`, "$ORIGIN/.."],
    [`${prefix}/lib/deep/`, "$ORIGIN"],
    [`${prefix}`, "$ORIGIN/../.."],
    [`${prefix}/lib:${prefix}/lib64:${prefix}//lib`, "$ORIGIN/..:$ORIGIN/../../lib64"],
    [`${prefix}/lib/../lib64`, "$ORIGIN/../../lib/../lib64"],
    [`${prefix}/$LIB`, "$ORIGIN/../../$LIB"],
    [`/opt/own:${prefix}/lib`, "/opt/own:$ORIGIN/.."],
    [`/tenon-build/greet/src/.libs:${prefix}/lib`, "$ORIGIN/.."],
    ["/tenon-build/greet/src/.libs", ""],
    [`${prefix}2/lib`, `${prefix}2/lib`],
    ["$ORIGIN/../x", "$ORIGIN/../x"],
    ["/opt/own", "/opt/own"],
  ])("%s", (rpath, wanted) => {
    expect(settled(rpath)).toBe(wanted);
  });

  test("of 32 bits and of the other byte order", () => {
    for (const bits of [32, 64] as const) {
      for (const isLittleEndian of [true, false]) {
        const parts = { bits, isLittleEndian };
        expect(settled(`${prefix}/lib`, "bin/greet", parts)).toBe("$ORIGIN/../lib");
      }
    }
  });

  test("one that would be longer keeps the prefix, and loses what is gone", () => {
    const path = "a/b/c/d/e/f/libx.so";
    const disk = planted({ [path]: elf({ rpath: "/p/l:/tenon-build/greet" }) });
    const { manifest } = sealStage(disk, "/stage", { package: "greet", drop: [] });
    makeIndependent(disk, "/stage", { manifest, prefixes: ["/p"], gone: ["/tenon-build"] });
    expect(runPath(disk.readFile(`/stage/${path}`))).toBe("/p/l");
  });

  test("one that is the end of another name, or has another in it, stays", () => {
    const rpath = `${prefix}/lib`;
    for (const needed of [[`x${rpath}`], [rpath], [rpath.slice(3)]]) {
      expect(settled(rpath, "bin/greet", { needed, shared: true })).toBe(rpath);
    }
    expect(settled(rpath, "bin/greet", { symbols: ["b"], shared: true })).toBe(rpath);
    expect(settled(rpath, "bin/greet", { symbols: ["b"] })).toBe("$ORIGIN/../lib");
    expect(settled(rpath, "bin/greet", { symbols: ["b"], withoutSections: true })).toBe(rpath);
  });

  test("a library that a link in another folder leads to stays; a program does not", () => {
    const rpath = `${prefix}/lib`;
    const tree = (parts: Partial<ElfParts>): Tree => ({
      "lib/libx.so.1": elf({ rpath, ...parts }),
      "lib/libx.so": { link: "libx.so.1" },
      lib64: { link: "lib" },
      "share/plugins/x.so": { link: `${prefix}/lib64/libx.so` },
    });
    const library = planted(tree({}));
    expect(settle(library).map(({ path }) => path)).toEqual(["share/plugins/x.so"]);
    const program = planted(tree({ isProgram: true }));
    settle(program);
    expect(runPath(program.readFile("/stage/lib/libx.so.1"))).toBe("$ORIGIN");
  });

  test("of two names of one file in two folders each says its own", () => {
    const disk = planted({
      "bin/greet": { content: elf({ rpath: `${prefix}/lib` }), mode: 0o755 },
    });
    disk.makeDirectory("/stage/lib");
    disk.hardLink("/stage/bin/greet", "/stage/lib/greet");
    expect(settle(disk)).toHaveLength(2);
    expect(runPath(disk.readFile("/stage/bin/greet"))).toBe("$ORIGIN/../lib");
    expect(runPath(disk.readFile("/stage/lib/greet"))).toBe("$ORIGIN");
  });

  test("what is cut or changed anywhere is left alone or keeps its length, and nothing throws", () => {
    const shapes = ([32, 64] as const).flatMap((bits) =>
      [true, false].map((isLittleEndian) =>
        elf({ bits, isLittleEndian, rpath: `${prefix}/lib`, symbols: ["greet"] }),
      ),
    );
    const change = fc.tuple(fc.nat(600), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(
        fc.constantFrom(...shapes),
        fc.array(change, { maxLength: 12 }),
        fc.option(fc.nat(600)),
        (shape, changes, cut) => {
          const content = Uint8Array.from(shape);
          for (const [at, value] of changes) content[at % content.length] = value;
          const disk = planted({ "lib/libx.so": content.subarray(0, cut ?? content.length) });
          settle(disk);
          expect(disk.status("/stage/lib/libx.so")?.sizeBytes).toBe(
            cut === null ? content.length : Math.min(cut, content.length),
          );
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe("links", () => {
  test.each([
    [`${prefix}/lib/libx.so`, "../lib/libx.so"],
    [`${prefix}/share/x`, "x"],
    [`${prefix}//share/`, "."],
    [prefix, ".."],
    [`${prefix}/lib/../bin/x`, "../lib/../bin/x"],
    [`${prefix}2/lib`, `${prefix}2/lib`],
    ["/usr/bin/python3", "/usr/bin/python3"],
    ["../lib/x", "../lib/x"],
  ])("%s", (target, wanted) => {
    const disk = planted({ "share/link": { link: target } });
    const changed = settle(disk);
    expect(disk.readLink("/stage/share/link")).toBe(wanted);
    expect(changed.map(toRow)).toEqual(target === wanted ? [] : [["l", "share/link", wanted]]);
  });

  test("in a folder that may not be written to", () => {
    const disk = planted({ "share/link": { link: `${prefix}/bin` } });
    disk.setMode("/stage/share", 0o555);
    settle(disk);
    expect(disk.readLink("/stage/share/link")).toBe("../bin");
    expect(disk.status("/stage/share")?.mode).toBe(0o555);
  });
});

test("what can do without it is not touched", () => {
  const content = elf({ rpath: "$ORIGIN" });
  const disk = planted({
    "lib/libx.so": content,
    "bin/x": { content: "#!/bin/sh\n", mode: 0o755 },
  });
  expect(settle(disk)).toEqual([]);
  expect(digestOf(disk.readFile("/stage/lib/libx.so"))).toBe(digestOf(content));
});
