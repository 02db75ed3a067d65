/** Renaming by search: nothing whole of the old path is left where it can be put right, and what is left is named. */
import { deflateRawSync, gunzipSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { renamer } from "../../src/relocation/rename-path.ts";
import { findWholePaths } from "../../src/relocation/whole-paths.ts";

const from = "/opt/stack/old";
const to = "/srv/n";
const longer = "/srv/a-longer/place";

function renamed(content: string | Uint8Array, target = to): string {
  const { content: result, left } = renamer({ from, to: target })({
    content: Buffer.from(content),
  });
  expect(left).toEqual([]);
  return Buffer.from(result ?? content).toString("latin1");
}

function leftIn(content: string | Uint8Array, target = to): string[] {
  const { left } = renamer({ from, to: target })({ content: Buffer.from(content) });
  return left.map(({ where, what }) => `${where}: ${what}`);
}

const name = fc.stringMatching(/^[a-z0-9_.+-]{1,12}$/).filter((text) => !/^\.+$/.test(text));
const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => `/${names.join("/")}`);
const part = (old: string): fc.Arbitrary<string> =>
  fc.oneof(
    fc.constantFrom(
      old,
      `${old}/lib`,
      `-L${old}`,
      `${old}:${old}/x`,
      `"${old}"`,
      "\n",
      `${old}s`,
      `/x${old}`,
    ),
    fc.string({ maxLength: 20 }).map((text) => text.replaceAll(/[^ -~]|[./\\]/g, " ")),
  );

describe("laws", () => {
  test("nothing whole of the old path is left in a text, and going back gives the same", () => {
    const given = fc.tuple(path, path).chain(([old, next]) =>
      fc.record({
        old: fc.constant(old),
        next: fc.constant(next),
        text: fc.array(part(old), { maxLength: 10 }).map((parts) => parts.join(" ")),
      }),
    );
    fc.assert(
      fc.property(given, ({ old, next, text }) => {
        fc.pre(!next.startsWith(old) && !old.startsWith(next) && !text.includes(next));
        fc.pre(!next.includes(old) && !old.includes(next));
        const content = Buffer.from(text);
        const there = renamer({ from: old, to: next })({ content });
        const result = there.content ?? content;
        expect(findWholePaths(result, Buffer.from(old))).toEqual([]);
        const back = renamer({ from: next, to: old })({ content: result });
        expect(Buffer.from(back.content ?? result).toString()).toBe(text);
      }),
    );
  });

  test("a binary file keeps its length, and all that is not the path", () => {
    const bytes = fc
      .uint8Array({ maxLength: 30 })
      .map((each) => Buffer.from(each.map((byte) => byte | 0x80)));
    const strings = fc
      .constantFrom(`${from}\0`, `${from}/etc/x\0`, `${from}:${from}/lib\0`)
      .map((text) => Buffer.from(text));
    fc.assert(
      fc.property(fc.array(fc.oneof(bytes, strings), { maxLength: 8 }), (parts) => {
        const content = Buffer.concat([
          Buffer.from([0]),
          ...parts.flatMap((each) => [each, Buffer.from([0])]),
        ]);
        const { content: result = content, left } = renamer({ from, to })({ content });
        expect(left).toEqual([]);
        expect(result.length).toBe(content.length);
        const text = Buffer.from(result).toString("latin1");
        expect(text).not.toContain(from);
        expect(text.replaceAll(to.padEnd(from.length, "/"), from)).toBe(content.toString("latin1"));
      }),
    );
  });

  test("whatever a file is, it is renamed or not, and nothing is thrown", () => {
    const start = fc.constantFrom(
      "",
      "\x7fELF\x02\x01\x01",
      "!<arch>\n",
      "PK\x03\x04",
      "\x1f\x8b\x08",
    );
    fc.assert(
      fc.property(start, fc.uint8Array({ maxLength: 200 }), (first, rest) => {
        const content = Buffer.concat([
          Buffer.from(first, "latin1"),
          rest,
          Buffer.from(from),
          rest,
        ]);
        const result = renamer({ from, to })({ content });
        if (result.content !== undefined && !first.startsWith("\x1f"))
          expect(Buffer.from(result.content)).not.toEqual(content);
      }),
    );
  });
});

describe("which places are the path", () => {
  test.each([
    [`prefix=${from}`, `prefix=${to}`],
    [`-L${from}/lib -I${from}/include`, `-L${to}/lib -I${to}/include`],
    [`see ${from}.`, `see ${to}.`],
    [`in ${from}, or (${from})`, `in ${to}, or (${to})`],
    [`file://${from}/x`, `file://${to}/x`],
    [`$DESTDIR${from}/bin`, `$DESTDIR${to}/bin`],
    [`${from}//lib`, `${to}//lib`],
  ])("%s is", (before, after) => {
    expect(renamed(before)).toBe(after);
  });

  test.each([
    `${from}er/lib`,
    `${from}-2/lib`,
    `${from}.d/x`,
    `${from}ü`,
    `/mnt${from}/lib`,
    `../..${from}`,
    `https://host${from}`,
  ])("%s is not", (text) => {
    expect(renamed(text)).toBe(Buffer.from(text).toString("latin1"));
  });
});

test("a first line for Python that would be too long starts a shell; others stay a line", () => {
  const deep = `/${"d".repeat(120)}`;
  expect(renamed(`#!${from}/bin/python3 -E\nx`, deep)).toBe(
    `#!/bin/sh\n'''exec' "${deep}/bin/python3" -E "$0" "$@"\n' '''\nx`,
  );
  expect(renamed(`#!${from}/bin/perl\nx`, deep)).toBe(`#!${deep}/bin/perl\nx`);
  expect(renamed(`#!${from}/bin/python3\nx`)).toBe(`#!${to}/bin/python3\nx`);
  const spaced = '/opt/with space/and "$x"';
  expect(renamed(`#!${from}/bin/python3 -E\nx`, spaced)).toBe(
    `#!/bin/sh\n'''exec' "/opt/with space/and \\"\\$x\\"/bin/python3" -E "$0" "$@"\n' '''\nx`,
  );
  const perl = renamer({ from, to: spaced })({ content: Buffer.from(`#! ${from}/bin/perl -w\nx`) });
  expect(perl.left.map(({ what }) => what)).toEqual([
    "an interpreter in its first line, where a kernel ends a path at a space",
  ]);
});

describe("binary files", () => {
  test("slashes that an earlier relocation left are room, but for the last one", () => {
    const padded = from.padEnd(40, "/");
    expect(renamed(`\0${padded}/lib\0`, longer)).toBe(`\0${longer.padEnd(40, "/")}/lib\0`);
    expect(renamed(`\0${padded}\0`, longer)).toBe(`\0${longer.padEnd(40, "/")}\0`);
  });

  test("where the new path has no room, both lengths are told", () => {
    expect(leftIn(`\0${from}/lib\0`, longer)).toEqual([
      "data: the old path, of 14 bytes, where the new one has 19",
    ]);
  });

  test.each([
    ["in UTF-16", Buffer.from(from, "utf16le"), "data: the prefix's path in UTF-16"],
    [
      "in base64",
      Buffer.from(Buffer.from(`x${from}`).toString("base64")),
      "text: the prefix's path in base64",
    ],
    [
      "behind its length",
      Buffer.from(`s:14:"${from}";`),
      "text: the prefix's path behind its length",
    ],
  ])("%s: named", (_, content, what) => {
    expect(leftIn(content)).toEqual([what]);
  });
});

describe("containers", () => {
  test("a text in gzip is written anew; anything else in it is named", () => {
    const { content = Buffer.alloc(0), left } = renamer({ from, to })({
      content: gzipSync(`see ${from}\n`),
    });
    expect(left).toEqual([]);
    expect(gunzipSync(content).toString()).toBe(`see ${to}\n`);
    expect(leftIn(gzipSync(`\0${from}`))).toEqual(["gzip: the prefix's path in compressed data"]);
    expect(leftIn(gzipSync("nothing"))).toEqual([]);
    expect(leftIn(gzipSync("x".repeat(99)).subarray(0, 15))).toEqual([
      "gzip: compressed data that cannot be looked into",
    ]);
  });

  test("what another program unpacks is asked of it", () => {
    const content = Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]);
    const rename = renamer({ from, to });
    expect(rename({ content }).left).toHaveLength(1);
    expect(rename({ content, decompress: () => Buffer.from("nothing") }).left).toEqual([]);
    const { left } = rename({ content, decompress: () => Buffer.from(`in ${from}`) });
    expect(left[0]?.what).toBe("the prefix's path in compressed data");
  });

  test("a member of a zip archive is named", () => {
    const head = Buffer.alloc(30);
    head.write("PK\x03\x04", 0, "latin1");
    head.writeUInt16LE(8, 8);
    head.writeUInt16LE(1, 26);
    const member = Buffer.concat([head, Buffer.from("x"), deflateRawSync(Buffer.from(from))]);
    expect(leftIn(member)).toEqual(["zip: the prefix's path in compressed data"]);
  });
});
