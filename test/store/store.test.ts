/** Artifacts, keys and scratch folders of the store, killed and unplugged at any moment. */
import { describe, expect, test } from "vitest";
import {
  digestOf,
  digestOfManifest,
  type Entry,
  makeManifest,
  type Manifest,
} from "../../src/core/index.ts";
import { type KeyRecord, openStore, type Store } from "../../src/store/index.ts";
import {
  createSimulatedDisk,
  createSimulatedWorld,
  powerLosses,
  type SimulatedDisk,
  SimulatedStop,
} from "../../src/world/simulated/index.ts";

const root = "/home/u/.cache/tenon";

function open(disk: SimulatedDisk, options = { sync: true }): Store {
  return openStore(createSimulatedWorld({ disk }), root, options);
}

function newStore(): { disk: SimulatedDisk; store: Store } {
  const disk = createSimulatedDisk();
  return { disk, store: open(disk) };
}

function manifestOf(files: Readonly<Record<string, string>>): Manifest {
  const entries = Object.entries(files).map(([path, content]): Entry => ({
    type: "file",
    path,
    mode: 0o644,
    sizeBytes: content.length,
    sha256: digestOf(content),
  }));
  return makeManifest(entries);
}

const files = { "bin/a": "program", "share/a/x": "text" };
const manifest = manifestOf(files);
const id = digestOfManifest(manifest);

/** Adds the artifact as a build does: from a scratch folder of its own. */
function add(disk: SimulatedDisk, store: Store, scratch: string): string {
  const folder = store.makeScratch(scratch);
  disk.plant(`${folder}/stage`, files);
  const added = store.addArtifact(`${folder}/stage`, manifest);
  store.removeScratch(scratch);
  return added;
}

const key = digestOf("key");
const record: KeyRecord = {
  artifact: id,
  package: "a",
  version: "1.0",
  builtAtMs: 1,
  durationMs: 2,
};

describe("an artifact", () => {
  test("is there with its manifest and its tree, and nothing else is left", () => {
    const { disk, store } = newStore();
    expect(store.hasArtifact(id)).toBe(false);
    expect(add(disk, store, "one")).toBe(id);
    expect(store.hasArtifact(id)).toBe(true);
    expect(store.manifestOf(id)).toEqual(manifest);
    expect(disk.snapshot(store.layout.artifactTree(id))).toMatchObject({
      "bin/a": { content: "program" },
      "share/a/x": { content: "text" },
    });
    expect(disk.list(store.layout.scratch)).toEqual([]);
  });

  test("may be added again", () => {
    const { disk, store } = newStore();
    add(disk, store, "one");
    const before = disk.snapshot(root);
    expect(add(disk, store, "two")).toBe(id);
    expect(disk.snapshot(root)).toEqual(before);
  });

  test("may be added again where the file system has no RENAME_NOREPLACE (NFS)", () => {
    const disk = createSimulatedDisk({ mounts: [{ path: "/home", renameFlags: false }] });
    const store = open(disk);
    expect([add(disk, store, "one"), add(disk, store, "two")]).toEqual([id, id]);
    expect(disk.snapshot(store.layout.artifactTree(id))).toMatchObject({
      "bin/a": { type: "file" },
    });
  });

  test("may be added by another process at any moment", () => {
    for (let n = 0; ; n += 1) {
      const { disk, store } = newStore();
      const other = disk.asProcess("other");
      const otherStore = open(other);
      const folder = store.makeScratch("one");
      disk.plant(`${folder}/stage`, files);
      let met = false;
      disk.plan({
        before: (at) => {
          if (at !== n || met) return;
          met = true;
          add(other, otherStore, "two");
        },
      });
      expect(store.addArtifact(`${folder}/stage`, manifest)).toBe(id);
      disk.plan({});
      store.removeScratch("one");
      expect(store.manifestOf(id)).toEqual(manifest);
      expect(disk.list(`${root}/artifacts`).map(({ name }) => name)).toEqual([id]);
      expect(disk.list(store.layout.scratch)).toEqual([]);
      if (!met) break;
      expect(n).toBeLessThan(100);
    }
  });
});

describe("an artifact on a machine that fails", () => {
  test("is whole or absent after a kill at any moment, and the next build can add it", () => {
    for (let n = 0; ; n += 1) {
      const { disk, store } = newStore();
      const folder = store.makeScratch("one");
      disk.plant(`${folder}/stage`, files);
      disk.plan({ stopAt: n });
      let killed = false;
      try {
        store.addArtifact(`${folder}/stage`, manifest);
      } catch (error) {
        if (!(error instanceof SimulatedStop)) throw error;
        killed = true;
      }
      const after = killed ? disk.asProcess("next") : disk;
      if (!killed) disk.plan({});
      const next = open(after);
      if (next.hasArtifact(id)) expect(next.manifestOf(id)).toEqual(manifest);
      expect(add(after, next, "one")).toBe(id);
      expect(next.manifestOf(id)).toEqual(manifest);
      if (!killed) break;
      expect(n).toBeLessThan(100);
    }
  });

  test("survives a power loss as soon as it is added", () => {
    const { disk, store } = newStore();
    add(disk, store, "one");
    const after = disk.powerLoss(() => false);
    expect(open(after).manifestOf(id)).toEqual(manifest);
    expect(after.snapshot(store.layout.artifactTree(id))).toMatchObject({
      "bin/a": { content: "program" },
    });
  });

  test("that was added aside is whole or absent after any power loss, and safe when settled", async () => {
    const { disk, store } = newStore();
    const folder = store.makeScratch("one");
    disk.plant(`${folder}/stage`, files);
    disk.syncFileSystem(root);
    expect(await store.addArtifactAside({ tree: `${folder}/stage`, manifest })).toBe(id);
    store.recordKey(key, record);
    let absent = 0;
    for (const { disk: after } of powerLosses(disk, { randomSubsets: 50 })) {
      const next = open(after);
      if (next.lookUp(key) === undefined) absent += 1;
      else expect(next.manifestOf(id)).toEqual(manifest);
      if (!next.hasArtifact(id)) continue;
      expect(after.snapshot(store.layout.artifactTree(id))).toMatchObject({
        "bin/a": { content: "program" },
      });
    }
    expect(absent).toBeGreaterThan(0);
    await store.settle();
    expect(open(disk.powerLoss(() => false)).lookUp(key)).toEqual(record);
  });

  test.each([
    ["cut", '[\n["f",'],
    ["empty", ""],
    ["no list", "{}"],
    ["with a way out", '[["d","../x","0755"]]'],
  ])("whose manifest is %s is named with what to do", (_what, text) => {
    const { disk, store } = newStore();
    add(disk, store, "one");
    disk.removeFile(store.layout.artifactManifest(id));
    disk.createFile(store.layout.artifactManifest(id), text);
    expect(() => store.manifestOf(id)).toThrow(
      expect.objectContaining({
        kind: "machine",
        code: "STORE_DAMAGED",
        message: `the store's ${store.layout.artifactManifest(id)} is damaged`,
        hints: [`Remove ${store.layout.artifact(id)}; the next build makes it again.`],
      }),
    );
  });

  test("that is not there is missing", () => {
    expect(() => newStore().store.manifestOf(id)).toThrow("is missing");
  });
});

describe("a key", () => {
  test("gives its record as long as the artifact is there", () => {
    const { disk, store } = newStore();
    store.recordKey(key, record);
    expect(store.lookUp(key)).toBeUndefined();
    add(disk, store, "one");
    expect(store.lookUp(key)).toEqual(record);
    expect(store.lookUp(digestOf("other"))).toBeUndefined();
  });

  test("may get another record", () => {
    const { disk, store } = newStore();
    add(disk, store, "one");
    store.recordKey(key, record);
    store.recordKey(key, { ...record, durationMs: 7 });
    expect(store.lookUp(key)?.durationMs).toBe(7);
    expect(disk.list(store.layout.scratch)).toEqual([]);
  });

  test.each([
    "",
    "{",
    "null",
    "[]",
    '{"artifact": 3}',
    '{"artifact": "../../x", "durationMs": 1}',
    `{"artifact": "${id}"}`,
  ])("with the damaged record %j is unknown", (text) => {
    const { disk, store } = newStore();
    add(disk, store, "one");
    disk.createFile(store.layout.key(key), text);
    expect(store.lookUp(key)).toBeUndefined();
  });
});

describe("scratch folders", () => {
  test("are empty, whatever a killed run has left", () => {
    const { disk, store } = newStore();
    disk.plant(`${store.layout.scratch}/one`, { "deep/er/": { mode: 0o500 }, file: "x" });
    expect(disk.list(store.makeScratch("one"))).toEqual([]);
  });

  test("go by the start of their name, and no others", () => {
    const { disk, store } = newStore();
    for (const name of ["aa-1", "aa-2", "ab-1"]) store.makeScratch(name);
    disk.createFile(`${store.layout.scratch}/aa-1/file`, "x", 0o400);
    store.removeScratchOf("aa");
    expect(disk.list(store.layout.scratch).map(({ name }) => name)).toEqual(["ab-1"]);
  });
});

test("a source is taken over as it is", () => {
  const { disk, store } = newStore();
  const sha256 = digestOf("archive");
  const folder = store.makeScratch("download");
  disk.createFile(`${folder}/part`, "archive");
  expect(store.hasSource(sha256)).toBe(false);
  store.addSource(`${folder}/part`, sha256);
  expect(store.hasSource(sha256)).toBe(true);
  expect(disk.digestFile(store.layout.source(sha256))).toBe(sha256);
});

test("a lock is held by one process, which says who it is, until it dies", () => {
  const { disk, store } = newStore();
  const other = disk.asProcess("other");
  const lock = open(other).tryLock("key");
  lock?.describe("process 7");
  expect(store.tryLock("key")).toBeUndefined();
  expect(store.holderOf("key")).toBe("process 7");
  other.crash();
  expect(store.tryLock("key")).toBeDefined();
  expect(store.holderOf("nobody")).toBe("");
});
