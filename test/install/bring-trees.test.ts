/** Packages that share their trees: what is linked, what is copied, and what is not believed. */
import { expect, test } from "vitest";
import { digestOf, type Entry, makeManifest } from "../../src/core/index.ts";
import { changePrefix, type Incoming } from "../../src/install/index.ts";
import { layoutOf } from "../../src/prefix/index.ts";
import { createSimulatedDisk, createSimulatedWorld } from "../../src/world/simulated/index.ts";

const disk = createSimulatedDisk();
const world = createSimulatedWorld({ disk });

let made = 0;

/** Each call has a tree and a prefix of its own, so that the tests can share one disk. */
function incoming(files: Readonly<Record<string, string>>, more: Partial<Incoming> = {}): Incoming {
  made += 1;
  const tree = `/store/${made}`;
  disk.plant(tree, files);
  const entries = Object.entries(files).map(([path, content]): Entry => ({
    type: "file",
    path,
    mode: 0o644,
    sizeBytes: content.length,
    sha256: digestOf(content),
  }));
  return {
    name: `package-${made}`,
    version: "1",
    artifact: digestOf(tree),
    manifest: makeManifest(entries),
    tree,
    transfer: "share",
    writtenMs: [0, Number.MAX_SAFE_INTEGER],
    depends: [],
    takesOver: [],
    ...more,
  };
}

async function join(...add: Incoming[]): Promise<string> {
  made += 1;
  const prefix = `/prefix-${made}`;
  const change = { add, remove: [] };
  const outcome = await changePrefix(world, layoutOf(prefix), change, {
    activity: "a test",
    sync: true,
  });
  expect(outcome).toMatchObject({ kind: "done" });
  return prefix;
}

function isSame(one: string, other: string): boolean {
  return disk.status(one)?.inode === disk.status(other)?.inode;
}

test("packages that put files into one directory come in side by side", async () => {
  const one = incoming({ "lib/site/one/a.py": "a", "lib/site/names/one.py": "1", "bin/one": "o" });
  const two = incoming({ "lib/site/names/deep/two.py": "2", "lib/site/two.py": "t" });
  const prefix = await join(one, two);
  for (const { tree, manifest } of [one, two]) {
    for (const { type, path } of manifest) {
      if (type === "file") expect(isSame(`${tree}/${path}`, `${prefix}/${path}`)).toBe(true);
    }
  }
});

test("a tree that another prefix shares is copied", async () => {
  const shared = incoming({ "lib/a": "a", "lib/b": "b" });
  const first = await join(shared);
  const second = await join(shared);
  expect(isSame(`${first}/lib/a`, `${shared.tree}/lib/a`)).toBe(true);
  expect(isSame(`${second}/lib/a`, `${shared.tree}/lib/a`)).toBe(false);
  expect(disk.status(`${shared.tree}/lib/b`)?.linkCount).toBe(2);
});

test("one file with a name elsewhere is copied, the others are linked", async () => {
  const shared = incoming({ "lib/a": "a", "lib/b": "b" });
  disk.hardLink(`${shared.tree}/lib/b`, `${shared.tree}/elsewhere`);
  const prefix = await join(shared);
  expect(isSame(`${prefix}/lib/a`, `${shared.tree}/lib/a`)).toBe(true);
  expect(isSame(`${prefix}/lib/b`, `${shared.tree}/lib/b`)).toBe(false);
});

test.each([
  ["its time", { writtenMs: [0, 1] as const }, "as built"],
  ["its size", {}, "longer than built"],
])("a file that is edited, as %s tells, is refused", async (_, more, content) => {
  const shared = incoming({ "lib/a": "as built" }, more);
  disk.removeFile(`${shared.tree}/lib/a`);
  disk.createFile(`${shared.tree}/lib/a`, content.replace("as", "AS"));
  await expect(join(shared)).rejects.toMatchObject({ code: "CONTENT_CHANGED" });
});

test("a file of another time whose digest is right is taken", async () => {
  const shared = incoming({ "lib/a": "as built" }, { writtenMs: [0, 1] });
  const prefix = await join(shared);
  expect(isSame(`${prefix}/lib/a`, `${shared.tree}/lib/a`)).toBe(true);
});
