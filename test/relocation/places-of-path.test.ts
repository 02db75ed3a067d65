/** The places of a path are where another one can be put, and what has no such place is named. */
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { placeFinder } from "../../src/relocation/places-of-path.ts";

const from = "/opt/stack/old";
const find = placeFinder(from);

function placesIn(content: string | Uint8Array) {
  const found = find({ content: Buffer.from(content) });
  return (
    found && { form: found.form, places: found.places, left: found.left.map(({ what }) => what) }
  );
}

describe("the places of a path", () => {
  test("in a text are those of whole paths", () => {
    expect(placesIn(`a ${from}/x ${from}-more ${from}`)).toEqual({
      form: "text",
      places: [
        { offset: 2, roomBytes: from.length },
        { offset: 39, roomBytes: from.length },
      ],
      left: [],
    });
  });

  test("in binary data have slashes behind the path as further room", () => {
    expect(placesIn(`\0\x01${from}///lib\0`)).toEqual({
      form: "binary",
      places: [{ offset: 2, roomBytes: from.length + 2 }],
      left: [],
    });
  });

  test("in a packed text are those of what is packed", () => {
    expect(placesIn(gzipSync(`see ${from}\n`))).toEqual({
      form: "gzip",
      places: [{ offset: 4, roomBytes: from.length }],
      left: [],
    });
  });
});

test("what names the path and can name no other one is named", () => {
  expect(placesIn(`s:14:"${from}"`)?.left).toEqual(["the prefix's path behind its length"]);
  expect(placesIn(gzipSync(`\0${from}\0`))?.left).toEqual(["the prefix's path in compressed data"]);
  const wide = Buffer.from(`ab${from}`, "utf16le");
  expect(placesIn(wide)?.left).toContain("the prefix's path in UTF-16");
});

test("a file that does not name it has none", () => {
  expect(placesIn("/opt/stack/older")).toBeUndefined();
  expect(placesIn(gzipSync("nothing"))).toBeUndefined();
});
