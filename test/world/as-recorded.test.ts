/** What `differenceFrom` says of each way in which a path can differ from what is on record. */
import { describe, expect, test } from "vitest";
import { digestOf, type Entry } from "../../src/core/index.ts";
import { differenceFrom, DiskError } from "../../src/world/index.ts";
import { createSimulatedDisk, type SimulatedDisk } from "../../src/world/simulated/index.ts";

const file: Entry = {
  type: "file",
  path: "f",
  mode: 0o644,
  sizeBytes: 4,
  sha256: digestOf("text"),
};
const link: Entry = { type: "link", path: "l", target: "f" };
const folder: Entry = { type: "directory", path: "d", mode: 0o755 };

function planted(): SimulatedDisk {
  const disk = createSimulatedDisk();
  disk.plant("/p", { f: "text", l: { link: "f" }, "d/": {} });
  return disk;
}

/** Each look of this kind at the path fails. */
function breakReads(disk: SimulatedDisk, name: string, code: string): void {
  disk.plan({
    countReads: true,
    before: (_, { name: each, path }) => {
      if (each === name) throw new DiskError({ code, operation: each, path });
    },
  });
}

test.each([file, link, folder])("a $type that is as recorded differs in nothing", (entry) => {
  expect(differenceFrom(planted(), `/p/${entry.path}`, entry)).toBeUndefined();
});

describe("something else is named for what it is", () => {
  test.each<[string, string, Entry, unknown]>([
    ["nothing", "/p/gone", file, { kind: "missing" }],
    ["below a file", "/p/f/inner", file, { kind: "missing" }],
    ["a link", "/p/l", file, { kind: "wrong-type", expected: "file", found: "link" }],
    ["a file", "/p/f", folder, { kind: "wrong-type", expected: "directory", found: "file" }],
    ["another size", "/p/f", { ...file, sizeBytes: 5 }, { kind: "changed" }],
    ["another content", "/p/f", { ...file, sha256: digestOf("next") }, { kind: "changed" }],
    [
      "a mode",
      "/p/f",
      { ...file, mode: 0o755 },
      { kind: "wrong-mode", expected: 0o755, found: 0o644 },
    ],
    [
      "a target",
      "/p/l",
      { ...link, target: "g" },
      { kind: "wrong-target", expected: "g", found: "f" },
    ],
  ])("%s", (_, place, entry, difference) => {
    expect(differenceFrom(planted(), place, entry)).toEqual(difference);
  });
});

describe("what cannot be looked at is a difference, and no error", () => {
  test.each([
    ["lstat", file, "EACCES", "permission denied (EACCES)"],
    ["read", file, "EIO", "input/output error (EIO)"],
    ["readlink", link, "EIO", "input/output error (EIO)"],
  ])("%s of a $type", (name, entry, code, reason) => {
    const disk = planted();
    breakReads(disk, name, code);
    expect(differenceFrom(disk, `/p/${entry.path}`, entry)).toEqual({ kind: "unreadable", reason });
  });

  test("what vanished between two looks is missing", () => {
    const disk = planted();
    breakReads(disk, "read", "ENOENT");
    expect(differenceFrom(disk, "/p/f", file)).toEqual({ kind: "missing" });
  });

  test("the end of the process is no difference", () => {
    const disk = planted();
    disk.plan({ countReads: true, stopAt: 1 });
    expect(() => differenceFrom(disk, "/p/f", file)).toThrow("was stopped");
  });
});

describe("where the asker trusts what is seen from outside", () => {
  const trusting = (): boolean => true;

  test("no content is read, and no target; size and mode are looked at all the same", () => {
    const disk = planted();
    for (const name of ["read", "readlink"]) {
      breakReads(disk, name, "EIO");
      expect(differenceFrom(disk, "/p/f", file, trusting)).toBeUndefined();
      expect(differenceFrom(disk, "/p/l", link, trusting)).toBeUndefined();
    }
    const grown = { ...file, sizeBytes: 9 };
    expect(differenceFrom(disk, "/p/f", grown, trusting)).toEqual({ kind: "changed" });
    const other = { ...file, mode: 0o600 };
    expect(differenceFrom(disk, "/p/f", other, trusting)?.kind).toBe("wrong-mode");
  });

  test("it is asked of all that has the right type, and of nothing else", () => {
    const asked: string[] = [];
    const ask = ({ type }: { readonly type: string }): boolean => asked.push(type) > 0;
    const disk = planted();
    for (const entry of [file, link, folder]) differenceFrom(disk, `/p/${entry.path}`, entry, ask);
    differenceFrom(disk, "/p/l", file, ask);
    differenceFrom(disk, "/p/gone", file, ask);
    expect(asked).toEqual(["file", "link", "directory"]);
  });
});
