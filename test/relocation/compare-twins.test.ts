/** What the files of two builds tell: what the maps say is expected, all else is named. */
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { digestOf, type Entry, makeManifest, type Manifest } from "../../src/core/index.ts";
import {
  compareTwins,
  describePin,
  findPlaces,
  placeholder,
  toMapRow,
  twin,
} from "../../src/relocation/index.ts";

type Files = Readonly<Record<string, string | Uint8Array>>;

/** As sealing does. */
function seal(files: Files): { manifest: Manifest; contents: Map<string, Uint8Array> } {
  const contents = new Map<string, Uint8Array>();
  const entries = Object.entries(files).map(([path, written]): Entry => {
    const { map, rewritten } = findPlaces(Buffer.from(written));
    const content = rewritten ?? Buffer.from(written);
    contents.set(path, content);
    const relocation = map === undefined ? {} : { relocation: { map: toMapRow(map) } };
    const sha256 = digestOf(content);
    return { type: "file", path, mode: 0o644, sizeBytes: content.length, sha256, ...relocation };
  });
  return { manifest: makeManifest(entries), contents };
}

function compare(first: Files, second: Files, at: "twin" | "placeholder" = "twin"): string[] {
  const [a, b] = [seal(first), seal(second)];
  const read = (path: string) => ({
    first: a.contents.get(path) ?? Buffer.alloc(0),
    second: b.contents.get(path) ?? Buffer.alloc(0),
  });
  return compareTwins({ first: a.manifest, second: b.manifest }, read, at).pins.map(describePin);
}

const last = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** Whatever a build writes at a path. */
const written = (prefix: string): Files => ({
  text: `a ${prefix}/etc\nb ${prefix}\n`,
  script: `#!${prefix}/bin/python -I\n`,
  prompt: `cd ${prefix}; PS1=${last(prefix)}\n`,
  data: `\0\x01${prefix}/lib\0`,
  "packed.gz": gzipSync(`see ${prefix}\n`),
  plain: "nothing\n",
});

test("what the maps tell is all that differs", () => {
  expect(compare(written(placeholder), written(twin))).toEqual([]);
});

test.each([
  ["a hash", (prefix: string) => ({ file: `x${digestOf(prefix)}` }), "text, at byte 1"],
  ["in data", (prefix: string) => ({ file: `\0\0${digestOf(prefix)}` }), "data, at byte 2"],
  [
    "beside a place",
    (prefix: string) => ({ file: `${prefix} ${digestOf(prefix)}` }),
    "text, at byte 97",
  ],
  [
    "another length",
    (prefix: string) => ({ file: prefix === twin ? "0123456789" : "0123" }),
    "text, at byte 4",
  ],
])("%s: named", (_, files, place) => {
  expect(compare(files(placeholder), files(twin))).toEqual([
    `file has content that depends on the prefix's path (${place})`,
  ]);
});

test("a file that says the placeholder wherever it is built is named, too", () => {
  const files = { file: `${placeholder}\n` };
  expect(compare(files, files)).toHaveLength(1);
});

test("files that are there in one build only", () => {
  expect(compare({ a: "1", b: "2" }, { b: "2", c: "3" })).toEqual([
    "a has a type, a mode or a target that depends on the prefix's path (missing from the build at the twin)",
    "c has a type, a mode or a target that depends on the prefix's path (only in the build at the twin)",
  ]);
});

test("two builds at one place: everything that differs is unsteady", () => {
  expect(compare(written(placeholder), written(placeholder), "placeholder")).toEqual([]);
  expect(compare({ file: "time 1\n" }, { file: "time 2\n" }, "placeholder")).toEqual([
    "file has content that is another in each build (text, at byte 5)",
  ]);
});

test("RECORD is compared without its digests, which are those of files that are compared", () => {
  const path = "lib/python3/site-packages/x-1.dist-info/RECORD";
  const rows = (digest: string, size: number): string =>
    `x/a.so,sha256=${digest.padEnd(43, "A")},${size}\n${path},,\n`;
  expect(compare({ [path]: rows("1", 100) }, { [path]: rows("2", 20) })).toEqual([]);
  expect(compare({ [path]: rows("1", 1) }, { [path]: `more,,\n${rows("1", 1)}` })).toHaveLength(1);
});
