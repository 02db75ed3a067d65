/** Malformed and dangerous archives: each is refused by name, and nothing is left (I11). */
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { join } from "node:path";
import * as zlib from "node:zlib";
import { expect, test } from "vitest";
import { unpackArchive } from "../../src/archive/index.ts";
import { TenonError } from "../../src/core/index.ts";
import { createRealWorld } from "../../src/world/index.ts";
import { paxOf, type TarMember, tarOf } from "./tar-writer.ts";
import { temporaryFolder } from "./temporary.ts";
import { type ZipFacts, type ZipMember, zipOf } from "./zip-writer.ts";

const world = createRealWorld({});
const folder = temporaryFolder();
const outside = join(folder, "outside");

type Row = readonly [what: string, archive: Buffer, code: string, said: RegExp, name?: string];

const tar = (what: string, members: TarMember[], code: string, said: RegExp): Row => [
  `tar: ${what}`,
  tarOf(members),
  code,
  said,
];

const zip = (
  what: string,
  members: ZipMember[],
  code: string,
  said: RegExp,
  facts?: ZipFacts,
): Row => [`zip: ${what}`, zipOf(members, facts), code, said, "bad.zip"];

const good = tarOf([{ name: "a/f", content: "x".repeat(3000) }]);
const blocks = tarOf([{ name: "f", content: "x".repeat(2048) }]);
const goodZip = zipOf([{ name: "f", content: "x".repeat(300) }]);
const zeros = Buffer.alloc(1 << 20);
const compressed = (program: string): Buffer => execFileSync(program, ["-c"], { input: good });

const behind = (content: Buffer, text: string): Buffer =>
  Buffer.concat([content, Buffer.from(text)]);
const packedByXz = (input: Buffer): Buffer => execFileSync("xz", ["-c", "-0"], { input });

/** An end, and what is behind it: nothing of it is a member. */
const alone = (pack: (content: Buffer) => Buffer): Buffer =>
  Buffer.concat(Array<Buffer>(6).fill(pack(Buffer.alloc(1 << 26))));

/** A file of zeros, packed in pieces that repeat: one stream may follow another. */
function growing(pack: (content: Buffer) => Buffer): Buffer {
  const [pieces, pieceBytes] = [6, 1 << 26];
  const start = tarOf([{ name: "f", declaredBytes: pieces * pieceBytes }], 0);
  const piece = pack(Buffer.alloc(pieceBytes));
  return Buffer.concat([pack(start), ...Array<Buffer>(pieces).fill(piece)]);
}

const tars: Row[] = [
  tar("absolute name", [{ name: "/etc/x" }], "ESCAPE", /"\/etc\/x" has an absolute name/),
  tar("parent name", [{ name: "a/../../x" }], "ESCAPE", /"a\/..\/..\/x" has '..'/),
  tar("parent in prefix", [{ name: "x", prefix: ".." }], "ESCAPE", /'\.\.'/),
  tar("parent in pax", [paxOf({ path: "../x" }), { name: "x" }], "ESCAPE", /"..\/x"/),
  tar("parent as long name", longNamed("../x"), "ESCAPE", /"..\/x"/),
  tar("folder up", [{ name: "../d", type: "5" }], "ESCAPE", /'\.\.'/),
  tar("empty name", [{ name: "" }], "NAME", /"" has an empty name/),
  tar("root as file", [{ name: "./." }], "NAME", /empty name/),
  tar("NUL in pax", [paxOf({ path: "a\0b" }), { name: "x" }], "NAME", /NUL byte/),
  tar("long name", longNamed("n".repeat(256)), "NAME", /too long for a file system/),
  tar("long path", longNamed("n/".repeat(1501)), "NAME", /too long for a file system/),
  tar("not UTF-8", [{ name: Buffer.from([0x61, 0xff]) }], "NAME", /not UTF-8/),
  tar(
    "target not UTF-8",
    [{ name: "l", type: "2", target: Buffer.from([0xff]) }],
    "NAME",
    /"l" has a link target/,
  ),
  tar(
    "through a link out",
    [link("d", outside), { name: "d/x", content: "!" }],
    "ESCAPE",
    /"d\/x" lies below the symlink "d"/,
  ),
  tar("through a link in", [{ name: "r/f" }, link("d", "r"), { name: "d/x" }], "ESCAPE", /symlink/),
  tar("folder below link", [link("d", "r"), { name: "d/x", type: "5" }], "ESCAPE", /symlink/),
  tar("link below link", [link("d", "r"), link("d/x", "y")], "ESCAPE", /symlink/),
  tar("absolute link", [link("l", "/etc/passwd")], "LINK", /"\/etc\/passwd", which leads out/),
  tar("link up", [link("a", "../x"), { name: "b" }], "LINK", /leads out/),
  tar("deep link up", [{ name: "b" }, link("a/b/c", "../../../x")], "LINK", /leads out/),
  tar(
    "link up by way of a link",
    [link("d/e", ".."), link("l", "d/e/../x"), { name: "b" }],
    "LINK",
    /"l" is a symlink/,
  ),
  tar("link without target", [link("l", "")], "LINK", /target that cannot be/),
  tar("hard link up", [hard("h", "../x")], "LINK", /"h" is a hard link to "..\/x", which has '..'/),
  tar("hard link absolute", [hard("h", "/etc/passwd")], "LINK", /absolute name/),
  tar("hard link to later", [hard("h", "f"), { name: "f" }], "LINK", /not a file before it/),
  tar(
    "hard link to folder",
    [{ name: "d", type: "5" }, hard("h", "d")],
    "LINK",
    /not a file before/,
  ),
  tar("hard link to itself", [hard("h", "h")], "LINK", /to itself/),
  tar(
    "folder and hard link to itself",
    [{ name: "h/", type: "5" }, hard("h", "h")],
    "LINK",
    /itself/,
  ),
  tar("hard link through link", [link("d", "e"), { name: "e/f" }, hard("h", "d/f")], "LINK", /h/),
  tar("character device", [{ name: "n", type: "3" }], "SPECIAL", /"n" is a device node/),
  tar("block device", [{ name: "n", type: "4" }], "SPECIAL", /device/),
  tar("FIFO", [{ name: "n", type: "6" }], "SPECIAL", /FIFO/),
  tar("below a file", [{ name: "f" }, { name: "f/g" }], "DUPLICATE", /below the file "f"/),
  tar("file over folder", [{ name: "d/f" }, { name: "d" }], "DUPLICATE", /replace a folder/),
  tar("sparse file", [{ name: "s", type: "S" }], "UNSUPPORTED", /sparse/),
  tar("pax sparse", [paxOf({ "GNU.sparse.major": "1" }), { name: "s" }], "UNSUPPORTED", /sparse/),
  tar("unknown type", [{ name: "q", type: "Q" }], "UNSUPPORTED", /"q" is of an unknown type/),
  tar(
    "checksum",
    [{ name: "f" }, { name: "g", checksumError: 1 }],
    "DAMAGED",
    /"f" is damaged.*checksum/,
  ),
  tar("size not octal", [{ name: "f", sizeField: "99999999999" }], "DAMAGED", /number/),
  tar("size negative", [{ name: "f", sizeField: "\u00ff".repeat(12) }], "DAMAGED", /number/),
  tar("pax size", [paxOf({ size: "-5" }), { name: "f" }], "DAMAGED", /size that cannot be/),
  tar("pax number", [paxOf({ mtime: "soon" }), { name: "f" }], "DAMAGED", /wrong number/),
  tar("pax broken", [{ name: "p", type: "x", content: "99 a=b\n" }], "DAMAGED", /extended header/),
  tar("pax unended", [{ name: "p", type: "x", content: "6 a=bc" }], "DAMAGED", /extended header/),
  tar("pax huge", [{ name: "p", type: "x", declaredBytes: 1 << 21 }], "BOMB", /extended header/),
  ["cut in body", good.subarray(0, 1500), "DAMAGED", /"a\/f" is the last one.*cut off/, "x.tar"],
  ["cut in whole gzip", zlib.gzipSync(blocks.subarray(0, 1024)), "DAMAGED", /"f" is the last one/],
  ["cut in header", good.subarray(0, 300), "DAMAGED", /cut off/, "x.tar"],
  ["cut before end", good.subarray(0, 512 + 3072), "DAMAGED", /cut off/],
  ["cut gzip", zlib.gzipSync(good).subarray(0, 40), "DAMAGED", /damaged/],
  ["gzip checksum", flipped(zlib.gzipSync(good), -6), "DAMAGED", /damaged/],
  [
    "words behind gzip",
    behind(zlib.gzipSync(good), "words"),
    "DAMAGED",
    /header check behind its end/,
  ],
  ["cut bzip2", compressed("bzip2").subarray(0, 60), "DAMAGED", /damaged/],
  ["cut xz", compressed("xz").subarray(0, 100), "DAMAGED", /damaged/],
  ["flipped xz", flipped(compressed("xz"), 90), "DAMAGED", /damaged/],
  ["cut zstd", compressed("zstd").subarray(0, 30), "DAMAGED", /damaged/],
  ["a gzip of zeros", growing(zlib.gzipSync), "BOMB", /would grow more than 1000-fold/],
  ["an xz of zeros alone", alone(packedByXz), "BOMB", /would grow more than 1000-fold/, "x.tar.xz"],
  ["an xz of zeros", growing(packedByXz), "BOMB", /would grow more than 1000-fold/],
  ["gzip of no tar", zlib.gzipSync("hello".repeat(200)), "DAMAGED", /checksum/],
  ["not gzip", Buffer.from("<html>"), "DAMAGED", /damaged/, "x.tar.gz"],
  ["no archive", Buffer.from("<html>"), "FORMAT", /not an archive that tenon can read/, "x.html"],
  ["nothing", Buffer.alloc(0), "FORMAT", /not an archive/, "x.tar"],
];

const zips: Row[] = [
  zip("absolute name", [{ name: "/x" }], "ESCAPE", /absolute/),
  zip("parent name", [{ name: "a/../../x" }], "ESCAPE", /'\.\.'/),
  zip("backslash", [{ name: "..\\x" }], "NAME", /backslash/),
  zip("NUL", [{ name: "a\0" }], "NAME", /NUL/),
  zip("empty name", [{ name: "" }], "NAME", /empty/),
  zip("not UTF-8", [{ name: Buffer.from([0xff]) }], "NAME", /UTF-8/),
  zip("twice", [{ name: "f" }, { name: "f" }], "DUPLICATE", /"f" is there twice/),
  zip("twice as ./", [{ name: "f" }, { name: "./f" }], "DUPLICATE", /twice/),
  zip("through a link", [symbolic("d", outside), { name: "d/x" }], "ESCAPE", /symlink "d"/),
  zip("link out", [symbolic("d", "../x")], "LINK", /leads out/),
  zip("device", [{ name: "n", mode: 0o020644 }], "SPECIAL", /neither/),
  zip("link as folder", [{ name: "n/", mode: 0o120777 }], "SPECIAL", /neither/),
  zip("folder as file", [{ name: "n", mode: 0o040755 }], "SPECIAL", /neither/),
  zip("folder with content", [{ name: "n/", content: "x", mode: 0o040755 }], "DAMAGED", /content/),
  zip("encrypted", [{ name: "f", flags: 1 }], "UNSUPPORTED", /encrypted/),
  zip("strongly encrypted", [{ name: "f", flags: 0x41 }], "UNSUPPORTED", /encrypted/),
  zip("bzip2 inside", [{ name: "f", method: 12 }], "UNSUPPORTED", /method 12/),
  zip("other volume", [{ name: "f", disk: 1 }], "UNSUPPORTED", /volume/),
  zip("split", [{ name: "f" }], "UNSUPPORTED", /volumes/, { diskNumber: 1 }),
  zip("count", [{ name: "f" }], "DAMAGED", /1 members where 2/, { count: 2 }),
  zip("offset", [{ name: "f" }], "DAMAGED", /not where its end says/, { directoryOffset: 3 }),
  zip("two ends", [{ name: "f" }], "DAMAGED", /disagree/, { wide: true, shortCount: 7 }),
  zip("zip64 count", [{ name: "f" }], "DAMAGED", /where 9/, { wide: true, wideCount: 9 }),
  zip("zip64 missing", [{ name: "f", declaredBytes: 0xffffffff }], "DAMAGED", /place/),
  zip("CRC", [{ name: "f", content: "x", crc32: 1 }], "DAMAGED", /"f" is damaged.*CRC/),
  zip(
    "stored size",
    [{ name: "f", content: "xy", stored: true, declaredBytes: 1 }],
    "DAMAGED",
    /./,
  ),
  zip("too small", [{ name: "f", content: "xyz", declaredBytes: 9 }], "DAMAGED", /another size/),
  zip("grows", [{ name: "f", content: zeros, declaredBytes: 9 }], "BOMB", /more than its declared/),
  zip("impossible", [{ name: "f", content: "x", declaredBytes: 1 << 30 }], "BOMB", /cannot have/),
  zip(
    "huge",
    Array.from({ length: 300 }, (_, at) => ({ name: `f${at}`, content: zeros })),
    "BOMB",
    /200-fold/,
  ),
  zip(
    "shared content",
    [
      { name: "f", content: "x" },
      { name: "f", content: "x", sharedWith: 0 },
    ],
    "BOMB",
    /overlaps/,
  ),
  zip(
    "trailing in data",
    [{ name: "f", content: "x", trailing: Buffer.from("!") }],
    "DAMAGED",
    /./,
  ),
  zip("local name", [{ name: "f", localName: "g" }], "DAMAGED", /another name/),
  zip("local method", [{ name: "f", localMethod: 8 }], "DAMAGED", /another method/),
  zip("local size", [{ name: "f", localBytes: 5 }], "DAMAGED", /another size/),
  zip("local CRC", [{ name: "f", localCrc32: 5 }], "DAMAGED", /CRC-32/),
  zip("local elsewhere", [{ name: "f", offset: 4 }], "DAMAGED", /not where/),
  zip("local far", [{ name: "f", offset: 99_999 }], "DAMAGED", /place/),
  zip("unicode path", [{ name: "f", extra: unicodePath("../x") }], "DAMAGED", /two names/),
  ["cut", goodZip.subarray(0, -5), "DAMAGED", /cut off/],
  ["junk behind", Buffer.concat([goodZip, Buffer.from("junk")]), "DAMAGED", /no end record/],
  ["no deflate", noDeflate(), "DAMAGED", /"f" is damaged/],
];

for (const [what, archive, code, said, name = "bad.tar"] of [...tars, ...zips]) {
  test(what, async () => {
    const directory = fs.mkdtempSync(join(folder, "out-"));
    const file = `${directory}.archive`;
    fs.writeFileSync(file, archive);
    const before = fs.readdirSync(folder).length;
    const error = await unpackArchive({ world, archive: file, directory, name }).then(
      () => `${what} was unpacked`,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(TenonError);
    expect(error).toMatchObject({ kind: "source", code: `ARCHIVE_${code}` });
    const { message } = error as TenonError;
    expect(message).toMatch(said);
    expect(message.startsWith(name)).toBe(true);
    expect(fs.readdirSync(directory)).toEqual([]);
    expect(fs.readdirSync(folder)).toHaveLength(before);
    expect(fs.existsSync(outside)).toBe(false);
  });
}

test("a zip with a comment, zip64 ends and stored members is read", async () => {
  const directory = fs.mkdtempSync(join(folder, "out-"));
  const file = `${directory}.archive`;
  const members = [
    { name: "d/", mode: 0o040755 },
    { name: "d/f", content: "x", stored: true, described: true },
    { name: "e", content: "y".repeat(100) },
  ];
  fs.writeFileSync(file, zipOf(members, { wide: true, comment: "PK\u0005\u0006 no end" }));
  await unpackArchive({ world, archive: file, directory });
  expect(fs.readFileSync(join(directory, "d/f"), "utf8")).toBe("x");
  expect(fs.readFileSync(join(directory, "e"), "utf8")).toHaveLength(100);
});

function link(name: string, target: string): TarMember {
  return { name, type: "2", target };
}

function hard(name: string, target: string): TarMember {
  return { name, type: "1", target };
}

function longNamed(name: string): TarMember[] {
  return [{ name: "././@LongLink", type: "L", content: `${name}\0` }, { name: "short" }];
}

function symbolic(name: string, target: string): ZipMember {
  return { name, content: target, mode: 0o120777 };
}

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  const place = at < 0 ? copy.length + at : at;
  copy[place] = (copy[place] ?? 0) ^ 0x55;
  return copy;
}

function unicodePath(name: string): Buffer {
  const content = Buffer.concat([Buffer.alloc(5, 1), Buffer.from(name)]);
  const head = Buffer.alloc(4);
  head.writeUInt16LE(0x7075, 0);
  head.writeUInt16LE(content.length, 2);
  return Buffer.concat([head, content]);
}

function noDeflate(): Buffer {
  return zipOf([{ name: "f", content: Buffer.alloc(40, 0xff), stored: true, method: 8 }]);
}
