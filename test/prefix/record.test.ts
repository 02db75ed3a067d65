/** The records of packages: written, read back, damaged. */
import { describe, expect, test } from "vitest";
import { makeManifest, summarize } from "../../src/core/index.ts";
import {
  layoutOf,
  makeLayout,
  ownersOf,
  type PackageRecord,
  parseRecord,
  readRecord,
  readRecordHeads,
  readRecords,
  recordFile,
  renderRecord,
} from "../../src/prefix/index.ts";
import { createSimulatedDisk } from "../../src/world/simulated/index.ts";

const digest = "0123456789abcdef".repeat(4);
const layout = layoutOf("/opt/p");

const record: PackageRecord = {
  name: "a",
  version: "1.0",
  artifact: digest,
  key: digest,
  depends: ["b"],
  about: { license: "MIT", homepage: "https://a.org", env: { A: "${PREFIX}/a" } },
  takesOver: ["bin/x"],
  ceded: ["bin/y"],
  buildMs: 12,
  installedAtMs: 1_700_000_000_000,
  transaction: "20240101T000000Z-1",
  manifest: makeManifest([
    { type: "file", path: "bin/x", mode: 0o755, sizeBytes: 3, sha256: digest },
    { type: "file", path: 'share/a "b"\n\\c/é', mode: 0o4644, sizeBytes: 0, sha256: digest },
    { type: "link", path: "lib64", target: "lib" },
    { type: "directory", path: "share/empty", mode: 0o700 },
  ]),
};

describe("a record is read back as it was written", () => {
  const { key: _key, buildMs: _buildMs, ...handMade } = record;
  test.each([
    ["with everything", record],
    ["of what no recipe built", handMade],
    ["that owns nothing", { ...record, manifest: [] }],
  ])("%s", (_name, each) => {
    expect(parseRecord(renderRecord(each), "/x/a.json")).toEqual(each);
  });

  test("one line an entry, so that a person can read and compare it", () => {
    const lines = renderRecord(record).split("\n");
    expect(lines.filter((line) => line.startsWith('    ["'))).toHaveLength(record.manifest.length);
  });
});

describe("damage is named with its file", () => {
  const without = (field: keyof PackageRecord): string =>
    renderRecord({ ...record, [field]: undefined });
  const fields = ["name", "version", "artifact", "depends", "takesOver", "ceded"] as const;
  test.each([
    ...fields.map((field) => [`no ${field}`, without(field)]),
    ["no time", without("installedAtMs")],
    ["no transaction", without("transaction")],
    ["a key that is no digest", renderRecord({ ...record, key: "x" })],
    ["an artifact that is no digest", renderRecord({ ...record, artifact: "x" })],
    ["a list of numbers", renderRecord(record).replace('"b"', "1")],
    ["another format", renderRecord(record).replace('"format": 1', '"format": 2')],
    ["another package's name", renderRecord({ ...record, name: "b" })],
    ["a name that leads elsewhere", renderRecord({ ...record, name: "../a" })],
    ["null", "null"],
    ["a list", "[]"],
    ["nothing", ""],
  ])("%s", (_name, text) => {
    expect(() => parseRecord(text, "/x/packages/a.json")).toThrow(
      expect.objectContaining({
        code: "RECORD_DAMAGED",
        message: expect.stringContaining("/x/packages/a.json"),
      }),
    );
  });

  test("cut anywhere", () => {
    const text = renderRecord(record);
    for (let length = 0; length < text.length - 2; length += 1) {
      expect(() => parseRecord(text.slice(0, length), "/x/a.json")).toThrow("/x/a.json is damaged");
    }
  });

  test.each([
    ["a path that leaves the prefix", '"bin/x"', '"../x"'],
    ["entries out of order", '"lib64"', '"aaa"'],
    ["a mode that is none", '"0755"', '"rwx"'],
  ])("%s in the manifest", (_name, from, to) => {
    const { manifest, ...facts } = record;
    const text = renderRecord({ ...facts, takesOver: [], manifest }).replace(from, to);
    expect(() => parseRecord(text, "/x/a.json")).toThrow(
      expect.objectContaining({
        code: "MANIFEST_DAMAGED",
        hints: [expect.stringContaining("`mv /x/a.json /x/a.json.damaged`")],
      }),
    );
  });
});

describe("the records of a prefix", () => {
  test("are there by name, sorted; other files are not looked at", () => {
    const disk = createSimulatedDisk();
    makeLayout(disk, layout);
    for (const name of ["c", "a", "b"]) {
      disk.createFile(recordFile(layout, name), renderRecord({ ...record, name }));
    }
    disk.plant(layout.packages, { "a.json~": "an editor's", "d.json.tmp": "" });
    expect([...readRecords(disk, layout).keys()]).toEqual(["a", "b", "c"]);
    expect(readRecord(disk, layout, "b")).toEqual({ ...record, name: "b" });
    expect(readRecord(disk, layout, "d")).toBeUndefined();
  });

  test("a copy under another name is damage: else one package would count twice", () => {
    const disk = createSimulatedDisk();
    makeLayout(disk, layout);
    disk.createFile(recordFile(layout, "a-backup"), renderRecord(record));
    expect(() => readRecords(disk, layout)).toThrow("that of a");
  });

  test("a prefix without any is empty", () => {
    expect(readRecords(createSimulatedDisk(), layout).size).toBe(0);
  });

  test("own files and links, and share directories", () => {
    const owners = ownersOf([record]);
    expect([...owners.keys()]).toEqual(["bin/x", "lib64", 'share/a "b"\n\\c/é']);
    expect(owners.get("bin/x")).toMatchObject({ owner: "a" });
  });
});

describe("the head of a record", () => {
  const { manifest, ...facts } = record;
  const head = { ...facts, summary: summarize(manifest) };
  const earlier = renderRecord(record).replace(/,\n  "summary": \{[^}]*\}/, "");
  const disk = createSimulatedDisk();
  makeLayout(disk, layout);
  const file = recordFile(layout, "a");

  test.each([
    ["as it was written", renderRecord(record), head],
    [
      "of a package without files",
      renderRecord({ ...record, manifest: [] }),
      { ...facts, summary: { files: 0, sizeBytes: 0 } },
    ],
    ["that an earlier tenon wrote", earlier, facts],
    ["as a person has formatted it", JSON.stringify(JSON.parse(renderRecord(record))), head],
    ["though its list of files is cut", renderRecord(record).slice(0, -9), head],
  ])("%s", (_what, text, wanted) => {
    disk.createFile(file, text);
    expect(readRecordHeads(disk, layout)).toEqual(new Map([["a", wanted]]));
    disk.removeFile(file);
  });

  test("that is damaged is named", () => {
    disk.createFile(file, renderRecord(record).replace('"version"', '"edition"'));
    expect(() => readRecordHeads(disk, layout)).toThrow(`the package record ${file} is damaged`);
  });
});
