/** Artifacts whose files have a second name in a prefix, on real files: their times are the point. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { digestOf, makeManifest, type Manifest } from "../../src/core/index.ts";
import { type DamagedFile, openStore, type Store } from "../../src/store/index.ts";
import { createRealWorld, type World } from "../../src/world/index.ts";

const real = createRealWorld({});
const content = "as it was built";
const manifest: Manifest = makeManifest([
  {
    type: "file",
    path: "bin/a",
    mode: 0o755,
    sizeBytes: content.length,
    sha256: digestOf(content),
  },
  {
    type: "file",
    path: "bin/b",
    mode: 0o644,
    sizeBytes: content.length,
    sha256: digestOf(content),
  },
]);
const key = digestOf("key");

let root: string;
let prefix: string;
/** How far the clock is ahead: what was changed just now is then long ago. */
let aheadMs: number;
let digests: string[];
let told: (readonly DamagedFile[])[];
let store: Store;
let id: string;

beforeEach(() => {
  root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "tenon-shared-")));
  prefix = `${root}/prefix`;
  [aheadMs, digests, told] = [0, [], []];
  const digestFile = (file: string): string => {
    digests.push(path.basename(file));
    return real.disk.digestFile(file);
  };
  const world: World = {
    ...real,
    disk: { ...real.disk, digestFile },
    clock: { ...real.clock, now: () => real.clock.now() + aheadMs },
  };
  store = openStore(world, `${root}/store`, {
    sync: false,
    onDamage: (files) => told.push(files),
  });
  id = addArtifact();
  store.recordKey(key, { artifact: id, package: "p", version: "1", builtAtMs: 1, durationMs: 1 });
});
afterEach(() => fs.rmSync(root, { recursive: true, force: true }));

function addArtifact(): string {
  const stage = `${store.makeScratch("one")}/stage`;
  fs.mkdirSync(`${stage}/bin`, { recursive: true });
  fs.writeFileSync(`${stage}/bin/a`, content, { mode: 0o755 });
  fs.writeFileSync(`${stage}/bin/b`, content, { mode: 0o644 });
  return store.addArtifact(stage, manifest);
}

/** The clock of a file system comes in ticks. */
function waitForTick(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
}

/** As a package of that name is joined. */
function share(name = "p"): void {
  waitForTick();
  store.share(id, { prefix, package: name });
  fs.mkdirSync(`${prefix}/bin`, { recursive: true });
  for (const file of ["bin/a", "bin/b"]) {
    fs.linkSync(`${store.layout.artifactTree(id)}/${file}`, `${prefix}/${file}`);
  }
}

/** Of the same size, and with the old time put back. */
function editSilently(file: string): void {
  const { atime, mtime } = fs.statSync(file);
  fs.writeFileSync(file, content.toUpperCase());
  fs.utimesSync(file, atime, mtime);
}

test("what nobody shares is not looked at", () => {
  fs.writeFileSync(`${store.layout.artifactTree(id)}/bin/a`, "somebody was in the store itself");
  expect(store.isShared(id)).toBe(false);
  expect(store.isAsBuilt(id)).toBe(true);
  expect(digests).toEqual([]);
});

describe("shared files", () => {
  test("are read once after they were linked, and then again only if they are touched", () => {
    share();
    expect(store.isShared(id)).toBe(true);
    aheadMs = 60_000;
    expect(store.isAsBuilt(id)).toBe(true);
    expect(digests).toEqual(["a", "b"]);
    expect(store.lookUp(key)?.artifact).toBe(id);
    expect(digests).toEqual(["a", "b"]);
    waitForTick();
    fs.linkSync(`${prefix}/bin/b`, `${prefix}/other`);
    expect(store.isAsBuilt(id)).toBe(true);
    expect(digests).toEqual(["a", "b", "b"]);
    expect(told).toEqual([]);
  });

  test("that were changed just now are read each time: the next edit may have the same times", () => {
    share();
    expect(store.isAsBuilt(id)).toBe(true);
    expect(store.isAsBuilt(id)).toBe(true);
    expect(digests).toEqual(["a", "b", "a", "b"]);
  });

  test.each([
    ["edited", () => editSilently(`${prefix}/bin/b`)],
    ["made longer", () => fs.appendFileSync(`${prefix}/bin/b`, "!")],
    ["given another mode", () => fs.chmodSync(`${prefix}/bin/b`, 0o600)],
  ])("that are %s make the store give the artifact up, and name the file", (_how, edit) => {
    share();
    aheadMs = 60_000;
    expect(store.isAsBuilt(id)).toBe(true);
    waitForTick();
    edit();
    expect(store.lookUp(key)).toBeUndefined();
    expect(told).toMatchObject([[{ editedIn: prefix, package: "p", path: "bin/b" }]]);
    expect(store.hasArtifact(id)).toBe(false);
    expect(fs.readdirSync(store.layout.scratch)).toEqual(["one"]);
    expect(fs.existsSync(`${prefix}/bin/b`)).toBe(true);
  });

  test("that were edited do not pass for what is built anew", () => {
    share();
    editSilently(`${prefix}/bin/a`);
    expect(addArtifact()).toBe(id);
    expect(told).toHaveLength(1);
    expect(fs.readFileSync(`${store.layout.artifactTree(id)}/bin/a`, "utf8")).toBe(content);
    expect(store.isShared(id)).toBe(false);
  });

  test("are named by the prefix that has them", () => {
    store.share(id, { prefix: `${root}/elsewhere`, package: "q" });
    share();
    editSilently(`${prefix}/bin/a`);
    expect(store.isAsBuilt(id)).toBe(false);
    expect(told).toMatchObject([[{ editedIn: prefix, package: "p", path: "bin/a" }]]);
  });

  test("are all read when what is known of them is damaged", () => {
    share();
    fs.writeFileSync(store.layout.artifactLinks(id), '{"known": ');
    expect(store.isAsBuilt(id)).toBe(true);
    editSilently(`${prefix}/bin/a`);
    expect(store.isAsBuilt(id)).toBe(false);
  });
});
