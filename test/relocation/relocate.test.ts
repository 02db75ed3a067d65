/** Relocating and undoing it: each other's undoing for every file and every prefix; what is not so is refused. */
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { digestOf } from "../../src/core/index.ts";
import {
  findPlaces,
  findRows,
  fromMapRow,
  placeholder,
  relocate,
  type RelocationMap,
  toMapRow,
  undoRelocation,
} from "../../src/relocation/index.ts";
import { packStored, unpackStored } from "../../src/relocation/gzip-stored.ts";
import { findRuns } from "../../src/relocation/runs.ts";
import { makeElf } from "./elf-writer.ts";

const target = fc
  .stringMatching(/^[A-Za-z0-9_./+-]{1,95}$/)
  .map((text) => `/${text}`)
  .filter((text) => !placeholder.includes(text));

const textPart = fc.oneof(
  fc.constantFrom(placeholder, `${placeholder}/lib`, `${placeholder}${placeholder}`, "\n", "ä"),
  fc.string({ maxLength: 40 }).map((text) => text.replaceAll(/[^ -~]/g, " ")),
);
const textFile = fc
  .tuple(
    fc.constantFrom(
      "",
      `#!${placeholder}/bin/python3\n`,
      `#! ${placeholder}/bin/perl -w\n`,
      `#!${placeholder}/${"d".repeat(60)}/python3 -E\n`,
    ),
    fc.array(textPart, { maxLength: 12 }),
  )
  .map(([first, parts]) => Buffer.from(first + parts.join("")));
const binaryFile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        Buffer.from(placeholder),
        Buffer.from(`${placeholder}/etc\0`),
        Buffer.from([0, 1, 2]),
      ),
      fc
        .uint8Array({ maxLength: 40 })
        .map((bytes) => Buffer.from(bytes.map((byte) => byte | 0x80))),
    ),
    { maxLength: 12 },
  )
  .map((parts) => Buffer.concat([Buffer.from([0]), ...parts]));
const gzipFile = textFile.map((text) => gzipSync(text, { level: 9 }));

describe.each([
  ["texts", textFile],
  ["binary files", binaryFile],
  ["gzip files", gzipFile],
])("%s", (_, file) => {
  test("undoing gives what was there, and nothing of the placeholder is left meanwhile", () => {
    fc.assert(
      fc.property(file, target, (content, prefix) => {
        const { map, pins, rewritten = content } = findPlaces(content);
        expect(pins).toEqual([]);
        if (map === undefined) {
          expect(findRuns(content)).toEqual([]);
          return;
        }
        expect(fromMapRow(JSON.parse(JSON.stringify(toMapRow(map))), rewritten.length)).toEqual(
          map,
        );
        const relocated = relocate(rewritten, map, { target: prefix }) ?? Buffer.alloc(0);
        expect(findRuns(unpackStored(relocated) ?? relocated)).toEqual([]);
        if (map.form === "binary") expect(relocated.length).toBe(content.length);
        const undone = undoRelocation(relocated, map, { target: prefix });
        expect(digestOf(undone ?? "")).toBe(digestOf(rewritten));
      }),
    );
  });

  test("an edit is seen: either nothing can be undone, or the digest is another", () => {
    fc.assert(
      fc.property(
        file,
        target,
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (content, prefix, at, by) => {
          const { map, rewritten = content } = findPlaces(content);
          const relocated = map && relocate(rewritten, map, { target: prefix });
          if (map === undefined || relocated === undefined) return;
          const edited = Uint8Array.from(relocated);
          edited[at % edited.length] = (edited[at % edited.length] ?? 0) ^ by;
          const undone = undoRelocation(edited, map, { target: prefix });
          expect(undone && digestOf(undone)).not.toBe(digestOf(rewritten));
        },
      ),
    );
  });
});

const program = fc
  .record({
    bits: fc.constantFrom(32 as const, 64 as const),
    isLittleEndian: fc.boolean(),
    withoutSections: fc.boolean(),
    needed: fc.array(fc.constantFrom("libx.so", placeholder, `${placeholder}/lib/liby.so`), {
      maxLength: 3,
    }),
    symbols: fc.constantFrom([], ["f"], [placeholder]),
    rpath: fc.constantFrom(`${placeholder}/lib`, `/usr/lib:${placeholder}/lib64`),
  })
  .chain((parts) => binaryFile.map((data) => Buffer.concat([makeElf(parts), data])));

/** As `ar` makes it: each member at an even place. */
function archiveOf(members: readonly Buffer[]): Buffer {
  const pieces = members.flatMap((member) => [
    Buffer.from(`${"x.o/".padEnd(48)}${String(member.length).padEnd(10)}\`\n`),
    member,
    Buffer.alloc(member.length % 2, "\n"),
  ]);
  return Buffer.concat([Buffer.from("!<arch>\n"), ...pieces]);
}

test("programs of every class and byte order, whole or cut, alone or in an archive: undone, or named", () => {
  const file = fc.oneof(program, fc.array(program, { maxLength: 3 }).map(archiveOf));
  fc.assert(
    fc.property(file, fc.nat(), fc.boolean(), target, (whole, at, isCut, prefix) => {
      const content = isCut ? whole.subarray(0, at % (whole.length + 1)) : whole;
      const { map, pins } = findPlaces(content);
      if (content.includes(placeholder)) expect(map ?? pins[0]).toBeDefined();
      if (map === undefined) return;
      const relocated = relocate(content, map, { target: prefix }) ?? Buffer.alloc(0);
      expect(relocated.length).toBe(content.length);
      if (pins.length === 0) expect(findRuns(relocated, 8)).toEqual([]);
      const undone = undoRelocation(relocated, map, { target: prefix });
      expect(digestOf(undone ?? "")).toBe(digestOf(content));
    }),
    { numRuns: 300 },
  );
});

test("pieces take their parts of the prefix, filled up", () => {
  const map: RelocationMap = {
    form: "binary",
    places: [
      { kind: "piece", offset: 0, start: 80, length: 16 },
      { kind: "piece", offset: 20, start: 0, length: 16 },
    ],
  };
  const content = Buffer.from(`${placeholder.slice(80)}....${placeholder.slice(0, 16)}`);
  const relocated = relocate(content, map, { target: "/opt/x" });
  expect(Buffer.from(relocated ?? []).toString()).toBe("////////////////..../opt/x//////////");
  expect(undoRelocation(relocated ?? content, map, { target: "/opt/x" })).toEqual(content);
});

describe("first lines", () => {
  const shown = (line: string, prefix: string): string => {
    const content = Buffer.from(`${line}\nrest`);
    const { map } = findPlaces(content);
    const relocated = map && relocate(content, map, { target: prefix });
    expect(map && undoRelocation(relocated ?? content, map, { target: prefix })).toEqual(content);
    return Buffer.from(relocated ?? []).toString();
  };
  const deep = "d".repeat(120);
  test.each([
    [`#!${placeholder}/bin/python3 -E`, "#!/opt/x/bin/python3 -E\nrest"],
    [`#! ${placeholder}/bin/perl -w`, "#! /opt/x/bin/perl -w\nrest"],
    [
      `#!${placeholder}/${deep}/python3 -E`,
      `#!/bin/sh\n'''exec' "/opt/x/${deep}/python3" -E "$0" "$@"\n' '''\nrest`,
    ],
    [`#!${placeholder}/${deep}/perl`, `#!/opt/x/${deep}/perl\nrest`],
    [`#!/usr/bin/env ${placeholder}/bin/python3`, "#!/usr/bin/env /opt/x/bin/python3\nrest"],
  ])("%#", (line, wanted) => {
    expect(shown(line, "/opt/x")).toBe(wanted);
  });
});

test("rows of RECORD say what the relocated files are, and go back", () => {
  const file = (letter: string, sizeBytes: number) => ({ sha256: letter.repeat(64), sizeBytes });
  const row = (letter: string, sizeBytes: number): string =>
    `sha256=${Buffer.from(letter.repeat(64), "hex").toString("base64url")},${sizeBytes}`;
  const record = `ä.py,${row("a", 1)}\n"b ""c"", d",${row("b", 99)}\r\nbin/x,${row("c", 3)}\nRECORD,,\n`;
  const places = findRows(record, (path) => path !== "ä.py");
  expect(places.map((place) => "path" in place && place.path)).toEqual(['b "c", d', "bin/x"]);
  const map: RelocationMap = { form: "text", places };
  const fileOf = (path: string) =>
    path === "bin/x"
      ? { artifact: file("c", 3), relocated: file("e", 1000) }
      : { artifact: file("b", 99), relocated: file("d", 7) };
  const relocated = relocate(Buffer.from(record), map, { target: "/opt/x", fileOf });
  expect(Buffer.from(relocated ?? []).toString()).toBe(
    `ä.py,${row("a", 1)}\n"b ""c"", d",${row("d", 7)}\r\nbin/x,${row("e", 1000)}\nRECORD,,\n`,
  );
  const undone = undoRelocation(relocated ?? Buffer.alloc(0), map, { target: "/opt/x", fileOf });
  expect(Buffer.from(undone ?? []).toString()).toBe(record);
  expect(relocate(Buffer.from(record), map, { target: "/opt/x" })).toBeUndefined();
});

describe("maps that are refused", () => {
  test.each([
    [[["binary", [5]], 100]],
    [[["binary", [0], [95]], 300]],
    [[["binary", [200], [0]], 400]],
    [[["binary", [0, 0, 97]], 400]],
    [[["binary", [0, 90, 16]], 400]],
    [[["binary", [0, 0, 3]], 400]],
    [[["binary", [0, 0, 16], [15, 16, 16]], 400]],
    [[["text", [0, 0, 16]], 400]],
    [[["binary", [0, "", "/bin/python"]], 400]],
    [[["binary", [0, "bin/x"]], 400]],
    [[["gzip", [0, "bin/x"]], 400]],
    [[["text", [1, "", "/bin/python"]], 400]],
    [[["text", [0, "", "/bin\n/python"]], 400]],
    [[["text", [0, "x", "/bin/python"]], 400]],
    [[["text", [-1]], 400]],
    [[["text", [1.5]], 400]],
    [[["text", [2 ** 60]], 2 ** 61]],
    [[["text"], 400]],
    [[["other", [0]], 400]],
    [[["text", 0], 400]],
    [[{}, 400]],
  ])("%j", ([row, size]) => {
    expect(fromMapRow(row, Number(size))).toBeUndefined();
  });

  test("any value is a map or none, and throws nothing; what is one stays one", () => {
    const number = fc.oneof(fc.nat(300), fc.integer(), fc.double());
    const place = fc.array(fc.oneof(number, fc.string()), { maxLength: 4 });
    const row = fc.tuple(
      fc.constantFrom("text", "binary", "gzip"),
      fc.array(place, { maxLength: 4 }),
    );
    fc.assert(
      fc.property(row, fc.nat(600), ([form, places], size) => {
        const map = fromMapRow([form, ...places], size);
        if (map !== undefined) expect(fromMapRow(toMapRow(map), size)).toEqual(map);
        const content = Buffer.alloc(size, "x");
        if (map !== undefined) expect(relocate(content, map, { target: "/t" })).toBeUndefined();
      }),
    );
  });

  test("one that is not of this content changes nothing", () => {
    const content = Buffer.from(`a${placeholder}`);
    const map: RelocationMap = { form: "text", places: [{ kind: "path", offset: 0 }] };
    expect(relocate(content, map, { target: "/opt/x" })).toBeUndefined();
    expect(
      undoRelocation(
        Buffer.from("/opt/xa"),
        { ...map, places: [{ kind: "path", offset: 1 }] },
        { target: "/opt/x" },
      ),
    ).toBeUndefined();
    expect(relocate(content, { ...map, form: "gzip" }, { target: "/opt/x" })).toBeUndefined();
  });
});

test("stored gzip is gzip, of any size, and only itself", () => {
  for (const length of [0, 1, 65535, 65536, 200_000]) {
    const content = Buffer.alloc(length, "ab");
    const packed = packStored(content);
    expect(unpackStored(packed)).toEqual(content);
    if (length > 0) expect(unpackStored(packed.subarray(0, -1))).toBeUndefined();
  }
  expect(unpackStored(gzipSync("text"))).toBeUndefined();
  expect(unpackStored(Buffer.from("text"))).toBeUndefined();
});
