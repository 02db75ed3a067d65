/** What a look at an artifact finds, on real files: their times are the point. */
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { digestOf, makeManifest, type Manifest } from "../../src/core/index.ts";
import { type DamagedFile, openStore, type Store } from "../../src/store/index.ts";
import { createRealWorld, type World } from "../../src/world/index.ts";

const real = createRealWorld({});
const content = "as it was made";
const file = {
  type: "file",
  mode: 0o644,
  sizeBytes: content.length,
  sha256: digestOf(content),
} as const;
const manifest: Manifest = makeManifest([
  { ...file, path: "lib/f" },
  { ...file, path: "lib/deep/g" },
  { type: "link", path: "lib/l", target: "f" },
]);

let root: string;
let aheadMs: number;
let digests: string[];
let told: DamagedFile[];
let store: Store;
let id: string;

beforeEach(() => {
  root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "tenon-examine-")));
  [aheadMs, digests, told] = [0, [], []];
  const digestFile = (place: string): string => {
    digests.push(path.basename(place));
    return real.disk.digestFile(place);
  };
  const world: World = {
    ...real,
    disk: { ...real.disk, digestFile },
    clock: { ...real.clock, now: () => real.clock.now() + aheadMs },
  };
  const onDamage = (files: readonly DamagedFile[]) => void told.push(...files);
  store = openStore(world, `${root}/store`, { sync: false, onDamage });
  id = make();
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20); // a tick of the kernel's clock
});
afterEach(() => fs.rmSync(root, { recursive: true, force: true }));

function make(): string {
  const tree = `${store.makeScratch("one")}/tree`;
  fs.mkdirSync(`${tree}/lib/deep`, { recursive: true });
  for (const name of ["f", "deep/g"]) fs.writeFileSync(`${tree}/lib/${name}`, content);
  fs.symlinkSync("f", `${tree}/lib/l`);
  return store.addArtifact(tree, manifest);
}

const at = (name: string): string => `${store.layout.artifactTree(id)}/${name}`;

test("nothing is read of what was not changed since it was made", () => {
  const found = store.examine(id);
  expect(found?.manifest).toEqual(manifest);
  const { mtimeMs } = fs.statSync(at("lib/f"));
  expect(found?.writtenMs[0]).toBeLessThanOrEqual(mtimeMs);
  expect(found?.writtenMs[1]).toBeGreaterThanOrEqual(mtimeMs);
  expect(digests).toEqual([]);
  expect(told).toEqual([]);
});

test("what was changed and is as it was made is read once, and then believed", () => {
  aheadMs = 60_000;
  fs.writeFileSync(at("lib/f"), content);
  expect(store.examine(id)).toBeDefined();
  expect(store.examine(id)).toBeDefined();
  expect(digests).toEqual(["f"]);
});

const sameSize = content.toUpperCase();

describe("what is damaged is dropped, and said", () => {
  test.each<[string, () => void, string, string]>([
    ["missing", () => fs.rmSync(at("lib/f")), "lib/f", "is missing"],
    [
      "cut",
      () => fs.truncateSync(at("lib/f"), 3),
      "lib/f",
      `has 3 bytes instead of ${content.length}`,
    ],
    ["edited", () => fs.writeFileSync(at("lib/f"), sameSize), "lib/f", "has another content"],
    [
      "edited, with its time put back",
      () => {
        const { atime, mtime } = fs.statSync(at("lib/f"));
        fs.writeFileSync(at("lib/f"), sameSize);
        fs.utimesSync(at("lib/f"), atime, mtime);
      },
      "lib/f",
      "has another content",
    ],
    [
      "of another mode",
      () => fs.chmodSync(at("lib/f"), 0o600),
      "lib/f",
      "has the mode 0600 instead of 0644",
    ],
    [
      "a symlink",
      () => {
        fs.rmSync(at("lib/f"));
        fs.symlinkSync("/etc/passwd", at("lib/f"));
      },
      "lib/f",
      "is a symlink",
    ],
    [
      "a pipe",
      () => {
        fs.rmSync(at("lib/f"));
        spawnSync("mkfifo", [at("lib/f")]);
      },
      "lib/f",
      "is a pipe",
    ],
    [
      "a folder",
      () => {
        fs.rmSync(at("lib/f"));
        fs.mkdirSync(at("lib/f"));
      },
      "lib/f",
      "is a folder",
    ],
    [
      "a link to somewhere else",
      () => {
        fs.rmSync(at("lib/l"));
        fs.symlinkSync("g", at("lib/l"));
      },
      "lib/l",
      "leads elsewhere",
    ],
    [
      "a folder with one more file",
      () => fs.writeFileSync(at("lib/deep/more.h"), ""),
      "lib/deep",
      "has files of others",
    ],
    [
      "its manifest",
      () => fs.appendFileSync(store.layout.artifactManifest(id), " "),
      "the list of its files",
      "is damaged",
    ],
  ])("%s", (_how, damage, where, what) => {
    damage();
    expect(store.examine(id, { package: "p" })).toBeUndefined();
    expect(told).toContainEqual({ package: "p", path: where, what });
    expect(store.hasArtifact(id)).toBe(false);
    expect(make()).toBe(id);
    expect(store.examine(id)).toBeDefined();
  });

  test("what a failing disk changes, which has no times, when all is read", () => {
    const disk = { ...real.disk, digestFile: () => digestOf("rotten") };
    const rotten = openStore({ ...real, disk }, `${root}/store`, { sync: false });
    expect(rotten.examine(id)).toBeDefined();
    expect(rotten.examine(id, { readAll: true })).toBeUndefined();
  });
});

test("bytecode that was changed goes, and the artifact stays", () => {
  const bytecode = store.layout.artifactBytecode(id);
  fs.mkdirSync(bytecode);
  fs.writeFileSync(`${bytecode}/m.pyc`, "not by tenon");
  expect(store.examine(id)).toBeDefined();
  expect(fs.existsSync(bytecode)).toBe(false);
});

test("what is left of an artifact is no artifact, and gives way to the whole one", () => {
  const file = store.layout.artifactManifest(id);
  for (const replace of [
    () => {},
    () => fs.mkdirSync(file),
    () => fs.symlinkSync("/etc/passwd", file),
    () => spawnSync("mkfifo", [file]),
  ]) {
    fs.rmSync(file, { recursive: true });
    replace();
    expect(store.hasArtifact(id)).toBe(false);
    expect(make()).toBe(id);
    expect(store.manifestOf(id)).toEqual(manifest);
  }
});

test("a record of a key that is no file is none", () => {
  const key = digestOf("key");
  store.recordKey(key, { artifact: id, package: "p", version: "1", builtAtMs: 1, durationMs: 1 });
  expect(store.lookUp(key)?.artifact).toBe(id);
  store.forgetKey(key);
  expect(store.lookUp(key)).toBeUndefined();
  spawnSync("mkfifo", [store.layout.key(key)]);
  expect(store.lookUp(key)).toBeUndefined();
  fs.rmSync(store.layout.key(key));
  fs.mkdirSync(store.layout.key(key));
  expect(store.lookUp(key)).toBeUndefined();
});
