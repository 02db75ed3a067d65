/** `extract` on the real disk: by this thread, by others, in pieces, and beside a thread that dies. */
import * as fs from "node:fs";
import * as os from "node:os";
import { Worker } from "node:worker_threads";
import * as zlib from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { digestOf } from "../../src/core/index.ts";
import { extract, largeBytes, type Threads } from "../../src/world/real/extract.ts";
import type { MemberToExtract } from "../../src/world/index.ts";
import { temporaryFolder } from "../archive/temporary.ts";

let root: string;
beforeEach(() => (root = temporaryFolder()));
afterEach(() => fs.rmSync(root, { recursive: true, force: true }));

/** An archive that holds nothing but what its members need. */
function archiveOf(contents: readonly Buffer[], change: Partial<MemberToExtract> = {}) {
  const archive = `${root}/archive`;
  const members: MemberToExtract[] = [];
  let offset = 0;
  fs.writeFileSync(archive, "");
  for (const [index, content] of contents.entries()) {
    const isDeflated = index % 2 === 0;
    const stored = isDeflated ? zlib.deflateRawSync(content, { level: 1 }) : content;
    fs.appendFileSync(archive, stored);
    members.push({
      archive,
      offset,
      compressedBytes: stored.length,
      isDeflated,
      sizeBytes: content.length,
      crc32: zlib.crc32(content),
      to: `${root}/${index}`,
      mode: index % 3 === 0 ? 0o755 : 0o640,
      ...change,
    });
    offset += stored.length;
  }
  return members;
}

function textsOf(count: number): Buffer[] {
  return Array.from({ length: count }, (_, index) => Buffer.from(`${index} `.repeat(10 * index)));
}

const none: Threads = { start: () => {}, silenceMs: 20 };

test("files come out with their content and mode, an empty one, too", () => {
  const texts = textsOf(7);
  expect(extract(archiveOf(texts))).toEqual(texts.map((text) => digestOf(text)));
  for (const [index, text] of texts.entries()) {
    expect(fs.readFileSync(`${root}/${index}`)).toEqual(text);
    expect(fs.statSync(`${root}/${index}`).mode & 0o777).toBe(index % 3 === 0 ? 0o755 : 0o640);
  }
});

test("several threads share much work", () => {
  const texts = Array.from({ length: 40 }, (_, index) => Buffer.alloc(1 << 18, `${index} `));
  expect(extract(archiveOf(texts))).toEqual(texts.map((text) => digestOf(text)));
});

test.each([
  ["another CRC-32", { crc32: 1 }],
  ["another size", { sizeBytes: 3 }],
  ["a place beyond the end", { offset: 1 << 20 }],
  ["an archive that is not there", { archive: "/nowhere" }],
  ["something in its way", { to: "/proc/self" }],
] as const)("what has %s is left to the caller", (_what, change) => {
  expect(extract(archiveOf(textsOf(3).slice(2), change))).toEqual([undefined]);
});

describe("a large member", () => {
  const large = Buffer.alloc(largeBytes + 5, "large ");

  test("goes through another thread in pieces", () => {
    expect(extract(archiveOf([large, large]))).toEqual([digestOf(large), digestOf(large)]);
    expect(fs.readFileSync(`${root}/0`).equals(large)).toBe(true);
    expect(fs.readFileSync(`${root}/1`).equals(large)).toBe(true);
  });

  test.each([
    ["another CRC-32", { crc32: 1 }],
    ["more than it declares", { sizeBytes: largeBytes + 4 }],
    ["less than it declares", { sizeBytes: largeBytes + 6 }],
  ] as const)("that has %s is left to the caller", (_what, change) => {
    expect(extract(archiveOf([large], change))).toEqual([undefined]);
  });

  test("is left to the caller where no thread can be had, and the others are not", () => {
    const text = Buffer.from("small");
    expect(extract(archiveOf([large, text]), none)).toEqual([undefined, digestOf(text)]);
  });
});

test.skipIf(os.availableParallelism() < 2)(
  "a thread that dies is not waited for (skipped on one core)",
  () => {
    const texts = Array.from({ length: 40 }, () => Buffer.alloc(1 << 18, "text "));
    const start: Threads["start"] = (program, work) => {
      const text = `
        const fs = require("node:fs");
        const [zlib, crypto] = [require("node:zlib"), require("node:crypto")];
        let count = 0;
        const openSync = (...args) => (count++ < 3 ? fs.openSync(...args) : process.exit());
        (${program})({ fs: { ...fs, openSync }, zlib, crypto }, require("node:worker_threads").workerData);`;
      new Worker(text, { eval: true, workerData: work }).unref();
      while (Atomics.load(work.progress, 1) === 0) Atomics.wait(work.progress, 1, 0, 1);
    };
    const digests = extract(archiveOf(texts), { start, silenceMs: 50 });
    expect(digests.filter((digest) => digest === undefined)).toHaveLength(1);
  },
);
