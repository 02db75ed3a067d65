/** Malformed wheels: each is refused by name, before anything is written (I11). */
import * as fs from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { TenonError } from "../../src/core/index.ts";
import { readWheel, unpackWheel } from "../../src/stage/index.ts";
import { createRealWorld } from "../../src/world/index.ts";
import { temporaryFolder } from "../archive/temporary.ts";
import { zipOf } from "../archive/zip-writer.ts";
import { recordLine, type WheelFacts, wheelOf } from "./wheel-writer.ts";

const { disk } = createRealWorld({});
const folder = temporaryFolder();
const scheme = {
  purelib: "lib/site-packages",
  platlib: "lib/site-packages",
  scripts: "bin",
  headers: "include",
  data: "",
};
const distInfo = "greet-1.0.dist-info";
const standard = "greet-1.0-py3-none-any.whl";

type Row = readonly [
  what: string,
  facts: WheelFacts | Buffer,
  code: string,
  said: RegExp,
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

const rows: Row[] = [
  ["no wheel's name", {}, "NAME", /no wheel's name/, "greet.whl"],
  ["no ending", {}, "NAME", /no wheel's name/, "greet-1.0-py3-none-any.zip"],
  ["too many parts", {}, "NAME", /no wheel's name/, "greet-1.0-1-x-py3-none-any.whl"],
  ["build not a number", {}, "NAME", /no wheel's name/, "greet-1.0-x-py3-none-any.whl"],
  ["path in version", {}, "NAME", /no wheel's name/, "greet-1/0-py3-none-any.whl"],
  ["other name in file name", {}, "METADATA", /another name/, "grit-1.0-py3-none-any.whl"],
  ["other version in file name", {}, "METADATA", /another name/, "greet-1.1-py3-none-any.whl"],
  ["no zip", Buffer.from("hello"), "DAMAGED", /no zip/],
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
  ["WHEEL not UTF-8", { extra: [], ...latin1() }, "METADATA", /not UTF-8/],
];

function latin1(): WheelFacts {
  return {
    members: (all) =>
      all.map((one) =>
        one.name === `${distInfo}/WHEEL` ? { ...one, content: Buffer.from([0xff, 0x0a]) } : one,
      ),
  };
}

for (const [what, facts, code, said, name = standard] of rows) {
  test(what, () => {
    const stage = fs.mkdtempSync(join(folder, "stage-"));
    const file = `${stage}.whl`;
    fs.writeFileSync(file, Buffer.isBuffer(facts) ? facts : wheelOf(facts));
    let error: unknown = `${what} was unpacked`;
    try {
      const wheel = readWheel(disk, file, name);
      unpackWheel({ disk, wheel, stage, scheme, interpreter: "/usr/bin/python3" });
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(TenonError);
    expect(error).toMatchObject({ kind: "source", code: `WHEEL_${code}` });
    expect((error as TenonError).message).toMatch(said);
    expect((error as TenonError).message.startsWith(name)).toBe(true);
    expect(fs.readdirSync(stage)).toEqual([]);
  });
}
