/** The placeholder, and that it is found wherever and however it stands. */
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { placeholder, startScan, targetDefect, twin } from "../../src/relocation/index.ts";
import { findOtherForms } from "../../src/relocation/other-forms.ts";
import { lastName } from "../../src/relocation/placeholder.ts";
import { findRuns } from "../../src/relocation/runs.ts";

test("it has 96 bytes, no two neighbours twice, and a last name of its own", () => {
  expect(placeholder).toMatch(/^\/[a-z0-9]+\/[a-z0-9]+$/);
  expect(Buffer.byteLength(placeholder)).toBe(96);
  const pairs = Array.from({ length: 95 }, (_, at) => placeholder.slice(at, at + 2));
  expect(new Set(pairs).size).toBe(95);
  expect(lastName.length).toBeGreaterThan(30);
});

test("its twin has another byte at every place, and slashes at the same", () => {
  expect(twin).toHaveLength(placeholder.length);
  expect(targetDefect(twin)).toBeUndefined();
  for (const [at, byte] of [...placeholder].entries())
    expect([at, twin[at] === byte]).toEqual([at, byte === "/"]);
  const pairs = Array.from({ length: 95 }, (_, at) => twin.slice(at, at + 2));
  expect(new Set(pairs).size).toBe(95);
  expect(pairs.filter((pair) => placeholder.includes(pair))).toEqual(["/y"]);
});

test.each([
  ["/opt/stack", undefined],
  [placeholder, undefined],
  [`${placeholder}x`, "longer"],
  ["/opt/my stack", '" "'],
  ["/opt/ä", '"ä"'],
  ["opt", "absolute"],
  ["/", "absolute"],
])("%s", (target, defect) => {
  if (defect === undefined) expect(targetDefect(target)).toBeUndefined();
  else expect(targetDefect(target)).toContain(defect);
});

/** Bytes that are none of the placeholder's. */
const filling = fc.uint8Array({ maxLength: 200 }).map((bytes) => bytes.map((byte) => byte | 0x80));
const stretch = fc
  .tuple(fc.nat(87), fc.integer({ min: 9, max: 96 }))
  .map(([start, length]) => ({ start, length: Math.min(length, 96 - start) }));

test("every stretch is found, whatever is around it, and however the file comes", () => {
  fc.assert(
    fc.property(filling, stretch, filling, fc.integer({ min: 1, max: 600 }), (a, at, b, step) => {
      const part = Buffer.from(placeholder).subarray(at.start, at.start + at.length);
      // Not aligned, so that a copy is needed.
      const content = Buffer.concat([Buffer.alloc(1), a, part, b]).subarray(1);
      expect(findRuns(content)).toEqual([{ offset: a.length, ...at }]);
      const scan = startScan();
      const piece = Buffer.alloc(step); // the same memory for each
      for (let each = 0; each < content.length; each += step)
        scan.update(piece.subarray(0, content.copy(piece, 0, each)));
      expect(scan.isFound).toBe(true);
    }),
  );
});

test("constants of eight bytes are found in code as compilers write it, wherever that begins", () => {
  const parts = placeholder.match(/.{8}/g) ?? [];
  for (let before = 0; before < 16; before += 1) {
    for (const between of [[2, 10], [2, 9], [6], [5, 6]]) {
      const code = parts.map((part, at) => part + "\x88".repeat(between[at % between.length] ?? 0));
      const scan = startScan();
      scan.update(Buffer.from("\x88".repeat(before) + code.join(""), "latin1"));
      expect(scan.isFound).toBe(true);
    }
  }
});

test("what is none is not found", () => {
  const scan = startScan();
  for (const text of ["", placeholder.slice(0, 4), "x".repeat(5000), placeholder.slice(40, 44)])
    scan.update(Buffer.from(text));
  expect(scan.isFound).toBe(false);
  const packed = startScan();
  packed.update(gzipSync("text"));
  expect(packed.isFound).toBe(true);
});

const lines = (text: string): string => text.replaceAll(/.{76}/g, "$&\n");

test.each([
  ["UTF-16", (text: string) => Buffer.from(text, "utf16le")],
  ["UTF-16", (text: string) => Buffer.from(text, "utf16le").swap16()],
  ["base64", (text: string) => Buffer.from(Buffer.from(text).toString("base64"))],
  ["base64", (text: string) => Buffer.from(lines(Buffer.from(text).toString("base64")))],
  ["hexadecimal digits", (text: string) => Buffer.from(Buffer.from(text).toString("hex"))],
  ["capital letters", (text: string) => Buffer.from(text.toUpperCase())],
  ["reverse order", (text: string) => Buffer.from(text).reverse()],
])("in %s, behind any number of bytes", (form, write) => {
  for (let before = 0; before < 80; before += 1) {
    const content = write(`${" ".repeat(before)}${placeholder}/lib`);
    const moved = Buffer.concat([Buffer.alloc(before % 7), content]);
    expect(findOtherForms(moved, 1)).toEqual([{ form, offset: expect.any(Number) }]);
    const scan = startScan();
    scan.update(moved);
    expect(scan.isFound).toBe(true);
  }
});
