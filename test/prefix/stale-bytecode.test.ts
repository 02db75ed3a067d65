/** Bytecode that no module stands behind is told from other bytecode. */
import { beforeEach, describe, expect, test } from "vitest";
import { makeManifest } from "../../src/core/index.ts";
import { findStaleBytecode, layoutOf, type PackageRecord } from "../../src/prefix/index.ts";
import { createSimulatedDisk, type SimulatedDisk } from "../../src/world/simulated/index.ts";

const layout = layoutOf("/opt/p");
const sha256 = "0".repeat(64);
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
    { type: "file", path: "lib/x.py", mode: 0o644, sizeBytes: 4, sha256 },
    { type: "file", path: "lib/my.mod.py", mode: 0o644, sizeBytes: 4, sha256 },
  ]),
};
const modifiedMs = Date.UTC(2024, 5, 1) + 999;
const seconds = Math.trunc(modifiedMs / 1000);
const cache = "lib/__pycache__";

let disk: SimulatedDisk;
beforeEach(() => {
  disk = createSimulatedDisk();
  disk.plant("/opt/p", { "lib/x.py": "1234", "lib/my.mod.py": "1234" });
  for (const name of ["x.py", "my.mod.py"]) disk.setTimes(`/opt/p/lib/${name}`, modifiedMs);
});

function bytecode(flags: number, third: number, fourth: number): Uint8Array {
  const content = Buffer.alloc(32);
  [0x0d0d0a6f, flags, third, fourth].forEach((value, at) => content.writeUInt32LE(value, 4 * at));
  return content;
}

function stale(): string[] {
  return findStaleBytecode(disk, layout, [record]);
}

describe("bytecode that matches its module is good", () => {
  test.each(["x.cpython-311.pyc", "x.cpython-311.opt-2.pyc", "my.mod.pypy39.pyc"])("%s", (name) => {
    disk.plant("/opt/p", { [`${cache}/${name}`]: bytecode(0, seconds, 4) });
    expect(stale()).toEqual([]);
  });
});

describe("bytecode is stale", () => {
  test.each([
    ["of another time", "x.cpython-311.pyc", bytecode(0, seconds - 1, 4)],
    ["of another size", "x.cpython-311.opt-1.pyc", bytecode(0, seconds, 5)],
    ["of a module that is gone", "y.cpython-311.pyc", bytecode(0, seconds, 4)],
    ["of a module that is gone, checked or not", "y.cpython-311.pyc", bytecode(3, 7, 7)],
    ["that is cut", "x.cpython-311.pyc", Buffer.alloc(15)],
    ["that is empty", "x.cpython-311.pyc", Buffer.alloc(0)],
    ["of no known kind", "x.cpython-311.pyc", bytecode(4, seconds, 4)],
  ])("%s", (_what, name, content) => {
    disk.plant("/opt/p", { [`${cache}/${name}`]: content });
    expect(stale()).toEqual([`${cache}/${name}`]);
  });

  test("where its directory is all that is left of a package", () => {
    disk.plant("/opt/p", { "lib/gone/__pycache__/z.cpython-311.pyc": bytecode(0, 1, 1) });
    expect(stale()).toEqual(["lib/gone/__pycache__/z.cpython-311.pyc"]);
  });
});

describe("left alone is", () => {
  test.each([1, 3])("what Python or its maker vouches for by a digest (flags %i)", (flags) => {
    disk.plant("/opt/p", { [`${cache}/x.cpython-311.pyc`]: bytecode(flags, 7, 7) });
    expect(stale()).toEqual([]);
  });

  test("what has no bytecode's name, or stands beside a module", () => {
    disk.plant("/opt/p", { [`${cache}/notes`]: "", [`${cache}/y.pyc`]: "", "lib/y.pyc": "" });
    expect(stale()).toEqual([]);
  });

  test("a person's own folder, and tenon's", () => {
    const name = "__pycache__/y.cpython-311.pyc";
    disk.plant("/opt/p", { "mine/z.py": "", [`mine/${name}`]: "", [`var/lib/tenon/${name}`]: "" });
    expect(stale()).toEqual([]);
  });

  test("what may not be read", () => {
    disk.plant("/opt/p", {
      [`${cache}/x.cpython-311.pyc`]: { content: "", mode: 0 },
      "lib/gone/__pycache__/": { mode: 0 },
    });
    expect(stale()).toEqual([]);
  });
});
