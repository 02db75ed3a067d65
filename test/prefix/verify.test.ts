/** Each way in which a prefix can differ from its records has its finding. */
import { createHash } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import { type Entry, makeManifest } from "../../src/core/index.ts";
import {
  findForeign,
  holdsForeign,
  layoutOf,
  listForeign,
  makeLayout,
  type PackageRecord,
  verifyRecords,
} from "../../src/prefix/index.ts";
import { createSimulatedDisk, type SimulatedDisk } from "../../src/world/simulated/index.ts";

const layout = layoutOf("/opt/p");
const sha256 = createHash("sha256").update("text").digest("hex");
const record: PackageRecord = {
  name: "a",
  version: "1",
  artifact: sha256,
  depends: [],
  takesOver: [],
  ceded: [],
  installedAtMs: 0,
  transaction: "1",
  manifest: makeManifest([
    { type: "file", path: "bin/x", mode: 0o755, sizeBytes: 4, sha256 },
    { type: "link", path: "lib64", target: "lib" },
    { type: "directory", path: "share/a", mode: 0o755 },
  ]),
};
const owned = new Map<string, Entry>(record.manifest.map((entry) => [entry.path, entry]));

let disk: SimulatedDisk;

beforeEach(() => {
  disk = createSimulatedDisk();
  makeLayout(disk, layout);
  disk.plant("/opt/p", {
    "bin/x": { content: "text", mode: 0o755 },
    lib64: { link: "lib" },
    "share/a/": {},
  });
});

function verify(): readonly unknown[] {
  return verifyRecords(disk, layout, [record]);
}

function foreign(): string[] {
  return findForeign(disk, layout, [record]);
}

describe("a prefix that is as recorded has no findings; else each is named", () => {
  test("as recorded", () => expect(verify()).toEqual([]));

  test("missing", () => {
    disk.removeFile("/opt/p/bin/x");
    expect(verify()).toEqual([{ kind: "missing", package: "a", path: "bin/x" }]);
  });

  test.each([
    ["another size", "longer text"],
    ["the same size", "next"],
  ])("changed, %s", (_name, content) => {
    disk.removeFile("/opt/p/bin/x");
    disk.plant("/opt/p", { "bin/x": { content, mode: 0o755 } });
    expect(verify()).toEqual([{ kind: "changed", package: "a", path: "bin/x" }]);
  });

  test("wrong mode", () => {
    disk.setMode("/opt/p/bin/x", 0o700);
    const modes = { expected: 0o755, found: 0o700 };
    expect(verify()).toEqual([{ kind: "wrong-mode", package: "a", path: "bin/x", ...modes }]);
  });

  test("wrong target", () => {
    disk.removeFile("/opt/p/lib64");
    disk.makeLink("/opt/p/lib64", "lib32");
    const targets = { expected: "lib", found: "lib32" };
    expect(verify()).toEqual([{ kind: "wrong-target", package: "a", path: "lib64", ...targets }]);
  });

  test("wrong type, of a file and of a directory", () => {
    disk.removeFile("/opt/p/bin/x");
    disk.removeDirectory("/opt/p/share/a");
    disk.plant("/opt/p", { "bin/x": { link: "y" }, "share/a": "file" });
    expect(verify()).toEqual([
      { kind: "wrong-type", package: "a", path: "bin/x", expected: "file", found: "link" },
      { kind: "wrong-type", package: "a", path: "share/a", expected: "directory", found: "file" },
    ]);
  });

  test("the mode of a directory is that of whoever made it", () => {
    disk.setMode("/opt/p/share/a", 0o700);
    expect(verify()).toEqual([]);
  });
});

describe("foreign files", () => {
  test("none but what nobody owns; tenon's own folder and by-products are not", () => {
    disk.plant("/opt/p", { "bin/__pycache__/x.cpython-311.pyc": "", "bin/x.pyc": "" });
    expect(foreign()).toEqual([]);
    disk.plant("/opt/p", { "bin/mine": "", "var/lib/mine": "", "var/mine/x": "" });
    expect(foreign()).toEqual(["bin/mine", "var/lib/mine", "var/mine"]);
  });

  test("a whole directory is given once, also an empty one, unless it holds by-products only", () => {
    disk.plant("/opt/p", {
      "share/mine/x": "",
      "share/mine/y/z": "",
      "share/hollow/": {},
      "share/cache/__pycache__/x.cpython-311.pyc": "",
      "share/cache/x.pyo": "",
    });
    expect(foreign()).toEqual(["share/hollow", "share/mine"]);
  });

  test("what stands where a package has a directory is somebody's", () => {
    disk.removeDirectory("/opt/p/share/a");
    disk.plant("/opt/p", { "share/a": "mine" });
    expect(foreign()).toEqual(["share/a"]);
  });

  test("are looked for below a path only, and up to the first", () => {
    disk.plant("/opt/p", { "bin/mine": "", "share/a/1": "", "share/a/b/c": "" });
    const entryAt = (path: string): Entry | undefined => owned.get(path);
    expect(listForeign(disk, "/opt/p", "share", entryAt)).toEqual(["share/a/1", "share/a/b"]);
    expect(holdsForeign(disk, "/opt/p", "share", entryAt)).toBe(true);
    expect(holdsForeign(disk, "/opt/p", "lib", entryAt)).toBe(false);
  });
});

describe("a folder that is a link now", () => {
  const file = { type: "file", mode: 0o644, sizeBytes: 4, sha256 } as const;
  const forged = { ...record, manifest: makeManifest([{ ...file, path: "share/a/file" }]) };
  const findings = (): readonly unknown[] => verifyRecords(disk, layout, [forged]).slice(1);

  beforeEach(() => disk.removeDirectory("/opt/p/share/a"));

  test("out of the prefix is not followed, whatever is there", () => {
    disk.plant("/proc/1", { file: "text" });
    disk.makeLink("/opt/p/share/a", "/proc/1");
    expect(findings()).toContainEqual({ kind: "missing", package: "a", path: "share/a/file" });
  });

  test("to itself leads to nothing", () => {
    disk.makeLink("/opt/p/share/a", "a");
    expect(findings()).toContainEqual({ kind: "missing", package: "a", path: "share/a/file" });
  });

  test("to another folder of the prefix is followed", () => {
    disk.plant("/opt/p/moved", { file: "text" });
    disk.makeLink("/opt/p/share/a", "../moved");
    expect(findings()).not.toContainEqual({ kind: "missing", package: "a", path: "share/a/file" });
  });
});
