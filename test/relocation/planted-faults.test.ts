/** Faults planted one by one: each is put right, or named. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { deflateRawSync, gunzipSync, gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { findInName, findPlaces, placeholder, startScan } from "../../src/relocation/index.ts";
import { makeElf } from "./elf-writer.ts";
import { long, moved, pinsOf, target } from "./moved.ts";

test("in gzip: written anew, as the same text at another prefix", () => {
  const text = `see ${placeholder}/etc/x.conf and ${placeholder}\n`;
  const relocated = moved(gzipSync(text, { level: 9 }));
  expect(gunzipSync(relocated).toString()).toBe(text.replaceAll(placeholder, target));
  expect(spawnSync("gzip", ["-dc"], { input: relocated }).stdout.toString()).toContain(target);
  expect(pinsOf(gzipSync(`\0${placeholder}`))).toEqual([
    "gzip: the prefix's path in compressed data",
  ]);
  expect(pinsOf(gzipSync(text).subarray(0, 30))).toEqual([
    "gzip: compressed data that cannot be looked into",
  ]);
});

test.each([
  ["in UTF-16", Buffer.from(placeholder, "utf16le"), "data: the prefix's path in UTF-16"],
  [
    "in base64",
    Buffer.from(Buffer.from(`x${placeholder}`).toString("base64")),
    "text: the prefix's path in base64",
  ],
  [
    "behind its length",
    Buffer.from(`a:1:{s:96:"${placeholder}";}`),
    "text: the prefix's path behind its length",
  ],
  [
    "the last name alone, in a program's data",
    Buffer.from(`\0prompt=(${placeholder.split("/")[2]})`),
    "data: a part of the prefix's path",
  ],
  [
    "broken by a line's end",
    Buffer.from(placeholder.replace(/.{50}/, "$&\\\n")),
    "text: a part of the prefix's path",
  ],
])("%s: named", (_, content, pin) => {
  expect(new Set(pinsOf(content))).toEqual(new Set([pin]));
});

test("a member of a zip archive, stored or deflated: named", () => {
  const member = (method: number, content: Buffer): Buffer => {
    const head = Buffer.alloc(30);
    head.write("PK\x03\x04", 0, "latin1");
    head.writeUInt16LE(method, 8);
    head.writeUInt16LE(1, 26);
    return Buffer.concat([head, Buffer.from("x"), content]);
  };
  const text = Buffer.from(`#!${placeholder}/bin/python\n`);
  const pins = ["zip: the prefix's path in compressed data"];
  expect(pinsOf(member(0, text))).toEqual(pins);
  expect(
    pinsOf(Buffer.concat([member(0, Buffer.from("a")), member(8, deflateRawSync(text))])),
  ).toEqual(pins);
  expect(pinsOf(member(8, deflateRawSync("nothing")))).toEqual([]);
  expect(pinsOf(member(12, text))).toEqual(["zip: compressed data that cannot be looked into"]);
});

test("in xz, bzip2 and zstd: named, by whoever can unpack it; else that nobody could", () => {
  for (const start of [
    [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0],
    [0x42, 0x5a, 0x68],
    [0x28, 0xb5, 0x2f, 0xfd],
  ]) {
    const content = Buffer.from([...start, 1, 2, 3]);
    const unpack = (text: string) => findPlaces(content, () => Buffer.from(text)).pins.length;
    expect([unpack(placeholder), unpack("nothing"), findPlaces(content).pins.length]).toEqual([
      1, 0, 1,
    ]);
  }
});

test("hashed, it cannot be found: that is for a second build to show", () => {
  const content = Buffer.from(createHash("sha256").update(placeholder).digest("hex"));
  expect(findPlaces(content)).toEqual({ pins: [] });
});

test("a placeholder in a text of its own, as in a source, is text like all else", () => {
  expect(moved(Buffer.from(`const P = "${placeholder}";`)).toString()).toBe(
    `const P = "${target}";`,
  );
});

test("the last name alone in a text becomes the prefix's", () => {
  const name = placeholder.slice(placeholder.lastIndexOf("/") + 1);
  const text = (prefix: string, last: string): Buffer =>
    Buffer.from(`${prefix} PS1="(${last}) "\n`);
  expect(moved(text(placeholder, name))).toEqual(text(target, "stack"));
  const script = `#!${placeholder}/bin/python ${name}\n`;
  expect(moved(Buffer.from(script)).toString()).toBe(`#!${target}/bin/python stack\n`);
});

const shapes = ([32, 64] as const).flatMap((bits) =>
  [true, false].map((isLittleEndian) => ({ bits, isLittleEndian })),
);

test.each(shapes)("among the strings of a library, $bits bits, little $isLittleEndian", (shape) => {
  const needed = [`${placeholder}/lib/libx.so`];
  const content = makeElf({ ...shape, needed, rpath: `${placeholder}/lib` });
  const relocated = moved(Buffer.from(content)).toString("latin1");
  expect(relocated).toContain(`\0${long}/lib/libx.so\0${long}/lib\0`);
  // The loader finds a symbol by the hash of its name.
  const symbols = [`x${placeholder}`];
  const symbol = "program: the prefix's path in the name of a symbol, which is hashed";
  expect(pinsOf(makeElf({ ...shape, needed, symbols }))).toEqual([symbol]);
  const unknown = makeElf({ ...shape, needed, symbols, withoutSections: true });
  expect(new Set(pinsOf(unknown))).toEqual(new Set([symbol]));
});

test.each(shapes)("a library, cut or spoilt, $bits bits, little $isLittleEndian", (shape) => {
  const whole = makeElf({ ...shape, needed: ["libx.so"], symbols: ["f"], rpath: placeholder });
  for (let length = 1; length <= whole.length; length += 1) {
    const isWhole = Buffer.from(whole.subarray(0, length)).includes(placeholder);
    const { map, pins } = findPlaces(whole.subarray(0, length));
    if (isWhole) expect((map?.places.length ?? 0) + pins.length).toBeGreaterThan(0);
  }
  for (let at = 4; at < whole.length - placeholder.length; at += 1) {
    const spoilt = Buffer.from(whole);
    spoilt[at] = 0xff;
    const { map, pins } = findPlaces(spoilt);
    if (spoilt.includes(placeholder))
      expect((map?.places.length ?? 0) + pins.length).toBeGreaterThan(0);
  }
});

test("at the end of a file that is large, or a hole", () => {
  const content = Buffer.alloc(64_000_000);
  content.write(`${placeholder}/lib`, content.length - 200);
  const scan = startScan();
  for (let at = 0; at < content.length; at += 1_000_000)
    scan.update(content.subarray(at, at + 1_000_000));
  expect(scan.isFound).toBe(true);
  expect(findPlaces(content).map?.places).toEqual([{ kind: "path", offset: content.length - 200 }]);
});

test("in a name, or in what a link leads to: named", () => {
  expect(findInName(`share/${placeholder.slice(1)}/x`)).toHaveLength(1);
  expect(findInName(`${placeholder}/lib`)).toHaveLength(1);
  expect(findInName("../lib/libx.so.1")).toEqual([]);
});
