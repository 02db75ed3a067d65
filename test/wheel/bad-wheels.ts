/** Malformed wheels of every kind, what each is refused with, and what the sentence says. */
import * as zlib from "node:zlib";
import { type ZipMember, zipOf } from "../archive/zip-writer.ts";
import { recordLine, type WheelFacts, wheelOf } from "./wheel-writer.ts";

const distInfo = "greet-1.0.dist-info";
export const standardName = "greet-1.0-py3-none-any.whl";

type Row = readonly [
  what: string,
  facts: WheelFacts | Buffer,
  /** Without `WHEEL_`. */
  code: string,
  said: RegExp,
  /** The file's name, where it is not `standardName`. */
  name?: string,
];

const files = (extra: Record<string, string>): WheelFacts => ({
  files: { "greet.py": "", ...extra },
});
const points = (text: string): WheelFacts => files({ [`${distInfo}/entry_points.txt`]: text });
const changed = (from: RegExp | string, to: string): WheelFacts => ({
  record: (lines) => lines.map((line) => line.replace(from, to)),
});
const wheelFile = (text: string): WheelFacts => ({ wheel: text });

export const badWheels: readonly Row[] = [
  ["no wheel's name", {}, "NAME", /no wheel's name/, "greet.whl"],
  ["no ending", {}, "NAME", /no wheel's name/, "greet-1.0-py3-none-any.zip"],
  ["too many parts", {}, "NAME", /no wheel's name/, "greet-1.0-1-x-py3-none-any.whl"],
  ["build not a number", {}, "NAME", /no wheel's name/, "greet-1.0-x-py3-none-any.whl"],
  ["path in version", {}, "NAME", /no wheel's name/, "greet-1/0-py3-none-any.whl"],
  ["other name in file name", {}, "METADATA", /another name/, "grit-1.0-py3-none-any.whl"],
  ["other version in file name", {}, "METADATA", /another name/, "greet-1.1-py3-none-any.whl"],
  ["no zip", Buffer.from("hello"), "DAMAGED", /not a zip/],
  ["cut off", wheelOf().subarray(0, 200), "DAMAGED", /cut off/],
  ["no dist-info", zipOf([{ name: "greet.py" }]), "INCOMPLETE", /no .dist-info/],
  ["nested dist-info", { distInfo: `a/${distInfo}` }, "INCOMPLETE", /no .dist-info/],
  ["two dist-infos", files({ "grit-1.0.dist-info/WHEEL": "" }), "METADATA", /several/],
  ["dist-info of another", { distInfo: "grit-1.0.dist-info" }, "METADATA", /grit-1.0.dist-info/],
  ["dist-info of another version", { distInfo: "greet-2.dist-info" }, "METADATA", /greet-2/],
  ["no WHEEL", { wheel: undefined }, "INCOMPLETE", /has no greet-1.0.dist-info\/WHEEL/],
  ["no METADATA", { metadata: undefined }, "INCOMPLETE", /METADATA/],
  ["no RECORD", { record: () => undefined }, "INCOMPLETE", /RECORD/],
  ["WHEEL without version", wheelFile("Root-Is-Purelib: true\n"), "METADATA", /Wheel-Version/],
  [
    "WHEEL of version 2",
    wheelFile("Wheel-Version: 2.0\nRoot-Is-Purelib: true\n"),
    "METADATA",
    /Wheel-Version 2.0/,
  ],
  ["WHEEL without root", wheelFile("Wheel-Version: 1.0\n"), "METADATA", /Root-Is-Purelib/],
  ["METADATA of another", { metadata: "Name: grit\nVersion: 1.0\n" }, "METADATA", /grit 1.0/],
  ["METADATA of other version", { metadata: "Name: greet\nVersion: 9\n" }, "METADATA", /greet 9/],
  ["METADATA without name", { metadata: "Version: 1.0\n" }, "METADATA", /without name/],
  ["METADATA with a path", { metadata: "Name: ../x\nVersion: 1.0\n" }, "METADATA", /\.\.\/x/],
  ["absolute member", files({ "/etc/x": "" }), "MEMBER", /"\/etc\/x" has a name that is absolute/],
  ["member up", files({ "a/../../x": "" }), "MEMBER", /contains '..'/],
  ["member with dot", files({ "./x": "" }), "MEMBER", /shortest form/],
  ["member up through data", files({ "greet-1.0.data/data/../../x": "" }), "MEMBER", /'\.\.'/],
  ["backslash", files({ "..\\x": "" }), "NAME", /backslash/],
  ["symlink", { extra: [{ name: "l", content: "x", mode: 0o120777 }] }, "MEMBER", /symlink/],
  ["device", { extra: [{ name: "l", mode: 0o060644 }] }, "SPECIAL", /neither/],
  ["twice", { extra: [{ name: "greet.py", content: "" }] }, "DUPLICATE", /"greet.py" is there/],
  [
    "case",
    files({ "Greet.py": "" }),
    "DUPLICATE",
    /"Greet.py" differs from "greet.py" only in case/,
  ],
  ["file and folder", files({ "greet.py/x": "" }), "DUPLICATE", /"greet.py" is both/],
  ["unlisted member", { extra: [{ name: "evil.py", content: "" }] }, "RECORD", /"evil.py" is not/],
  [
    "listed and missing",
    { record: (lines) => [...lines, recordLine("gone.py", "")] },
    "RECORD",
    /"gone.py" is listed in RECORD and not there/,
  ],
  ["wrong digest", changed(/^greet.py,sha256=../, "greet.py,sha256=xx"), "DIGEST", /sha256/],
  ["wrong size", changed(/^(greet.py.*),\d+$/, "$1,99"), "DIGEST", /has 10 bytes where RECORD/],
  ["no digest", changed(/^greet.py,.*$/, "greet.py,,"), "DIGEST", /"greet.py" has no digest/],
  ["weak digest", changed(/^greet.py,.*$/, "greet.py,md5=abcd,10"), "RECORD", /stronger/],
  ["digest without name", changed(/^greet.py,.*$/, "greet.py,abcd,10"), "RECORD", /stronger/],
  ["size is no number", changed(/,\d+$/, ",-1"), "RECORD", /no number/],
  ["listed twice", { record: (all) => [...all, "greet.py,,"] }, "RECORD", /listed twice/],
  ["RECORD with path up", { record: (all) => [...all, "../x,,"] }, "RECORD", /contains '..'/],
  ["RECORD absolute", { record: (all) => [...all, "/x,,"] }, "RECORD", /is absolute/],
  ["RECORD with folder up", { record: (all) => [...all, "../x/,,"] }, "RECORD", /contains '..'/],
  ["RECORD with the root", { record: (all) => [...all, "/,,"] }, "RECORD", /path in RECORD that/],
  [
    "RECORD has a file as a folder",
    changed(/^greet.py,/, "greet.py/,"),
    "RECORD",
    /"greet.py" is not listed/,
  ],
  [
    "METADATA without a bound",
    { metadata: "x".repeat((1 << 26) + 1) },
    "BOMB",
    /METADATA" is larger than the 64 MiB/,
  ],
  ["RECORD unreadable", { record: (all) => [...all, 'a"b,,'] }, "RECORD", /cannot be read/],
  ["RECORD with four fields", { record: (all) => [...all, "a,,,"] }, "RECORD", /cannot be read/],
  ["unknown data folder", files({ "greet-1.0.data/lib/x": "" }), "MEMBER", /no folder of .data/],
  ["prototype data folder", files({ "greet-1.0.data/constructor/x": "" }), "MEMBER", /no folder/],
  ["file in data", files({ "greet-1.0.data/scripts": "" }), "MEMBER", /no folder of .data/],
  ["spread twice", files({ "greet-1.0.data/purelib/greet.py": "" }), "DUPLICATE", /greet.py twice/],
  [
    "spread over a file",
    files({ "greet-1.0.data/purelib/greet.py/x": "" }),
    "DUPLICATE",
    /as file and folder/,
  ],
  ["entry point with path", points("[console_scripts]\n../x = a:b\n"), "ENTRY_POINT", /\.\.\/x/],
  ["entry point up", points("[console_scripts]\n.. = a:b\n"), "ENTRY_POINT", /no script/],
  ["entry point without object", points("[gui_scripts]\nx = a\n"), "ENTRY_POINT", /x = a/],
  ["entry point with code", points("[console_scripts]\nx = a:b();c\n"), "ENTRY_POINT", /script/],
  ["entry point of no name", points("[console_scripts]\n = a:b\n"), "ENTRY_POINT", /script/],
  [
    "bomb",
    { extra: [{ name: "b", content: Buffer.alloc(1 << 20), declaredBytes: 1 << 30 }] },
    "BOMB",
    /"b" declares/,
  ],
  [
    "overlap",
    { members: (all) => [...all, { ...all[0], name: "greet.py", sharedWith: 0 }] },
    "BOMB",
    /overlaps/,
  ],
  ["CRC", { members: (all) => all.map((one) => ({ ...one, crc32: 7 })) }, "DAMAGED", /CRC-32/],
  ["encrypted", { members: (all) => all.map((one) => ({ ...one, flags: 1 })) }, "UNSUPPORTED", /./],
  [
    "drive letter",
    files({ "C:/x.py": "" }),
    "MEMBER",
    /"C:\/x.py" has a name that begins with a drive/,
  ],
  ["NUL", { extra: [{ name: "a\0b.py" }] }, "NAME", /NUL byte/],
  ["new line in a name", files({ "a\nb.py": "" }), "MEMBER", /control character/],
  [
    "name too long",
    files({ [`${"x".repeat(256)}.py`]: "" }),
    "MEMBER",
    /longer than the 255 bytes/,
  ],
  ["path too long", files({ [`${"d/".repeat(1500)}x.py`]: "" }), "MEMBER", /longer than the 3000/],
  ["name not UTF-8", { extra: [{ name: Buffer.from([0x61, 0xff]) }] }, "NAME", /not UTF-8/],
  ["empty name", { extra: [{ name: "" }] }, "NAME", /empty name/],
  ["folder up", { extra: [{ name: "../x/" }] }, "MEMBER", /contains '\.\.'/],
  ["data folder of another", files({ "grit-1.0.data/purelib/x": "" }), "MEMBER", /of another name/],
  ["data folder of another version", files({ "greet-2.data/data/x": "" }), "MEMBER", /of another/],
  ["bytecode alone", files({ "lone.pyc": "" }), "MEMBER", /"lone.pyc" is bytecode without its/],
  [
    "METADATA of version 3",
    { metadata: "Metadata-Version: 3.0\nName: greet\nVersion: 1.0\n" },
    "METADATA",
    /Metadata-Version 3.0/,
  ],
  ["WHEEL without a number", wheelFile("Wheel-Version: one\n"), "METADATA", /Wheel-Version one/],
  ["weaker digest than told", changed(/sha256=/, "sha1="), "RECORD", /sha256 or stronger/],
  ["no digests at all", changed(/,sha256=.*$/, ",,"), "DIGEST", /has no digest in RECORD/],
  [
    "entry point with backslash",
    points("[console_scripts]\n..\\x = a:b\n"),
    "ENTRY_POINT",
    /x = a/,
  ],
  ["entry point absolute", points("[gui_scripts]\n/x = a:b\n"), "ENTRY_POINT", /makes no script/],
  [
    "script of a script's name",
    files({
      "greet-1.0.data/data/bin/run": "",
      [`${distInfo}/entry_points.txt`]: "[console_scripts]\nrun = a:b\n",
    }),
    "DUPLICATE",
    /bin\/run twice/,
  ],
  ["grows too much", { extra: zeros(6) }, "BOMB", /would grow more than 200-fold/],
  [
    "more than declared",
    { extra: [{ name: "b", content: "x".repeat(999), declaredBytes: 9 }], record: listing("b") },
    "BOMB",
    /"b" holds more than its declared size/,
  ],
  [
    "less than declared",
    { extra: [{ name: "b", content: "xy", declaredBytes: 3 }], record: listing("b") },
    "DAMAGED",
    /"b" has another size than declared/,
  ],
  [
    "compressed in another way",
    { extra: [{ name: "b", content: "xy", method: 12 }] },
    "UNSUPPORTED",
    /"b" is compressed by method 12/,
  ],
  [
    "two names for one member",
    { extra: [{ name: "b.py", localName: "c.py", content: "x" }] },
    "DAMAGED",
    /"b.py" has a local header that has another name/,
  ],
  ["several volumes", { zip: { diskNumber: 1 } }, "UNSUPPORTED", /split over several volumes/],
  ["more members than there are", { zip: { count: 99 } }, "DAMAGED", /99 are declared/],
  ["end records that disagree", { zip: { wide: true, shortCount: 1 } }, "DAMAGED", /disagree/],
  ["something behind the end", Buffer.concat([wheelOf(), Buffer.from("x")]), "DAMAGED", /cut off/],
  ["empty file", Buffer.alloc(0), "DAMAGED", /cut off/],
  ["METADATA not UTF-8", latin1("METADATA"), "METADATA", /METADATA" is not UTF-8/],
  ["RECORD not UTF-8", latin1("RECORD"), "METADATA", /RECORD" is not UTF-8/],
  ["WHEEL not UTF-8", latin1("WHEEL"), "METADATA", /WHEEL" is not UTF-8/],
];

function latin1(name: string): WheelFacts {
  const content = Buffer.from([0xff, 0x0a]);
  return {
    members: (all) =>
      all.map((one) => (one.name === `${distInfo}/${name}` ? { ...one, content } : one)),
  };
}

/** Each member is possible, and all together are not harmless. */
function zeros(count: number): ZipMember[] {
  const content = zlib.deflateRawSync(Buffer.alloc(50 << 20));
  return Array.from({ length: count }, (_value, index) => ({
    name: `zeros/${index}`,
    content,
    stored: true,
    method: 8,
    declaredBytes: 50 << 20,
  }));
}

/** RECORD says what nobody has to believe. */
function listing(name: string): (lines: string[]) => string[] {
  return (lines) => [...lines, recordLine(name, "")];
}
