/** Artifacts as packs: the same bytes everywhere, taken in whole or not at all. */
import { gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import {
  digestOf,
  digestOfManifest,
  type Entry,
  makeManifest,
  type Manifest,
  toRow,
} from "../../src/core/index.ts";
import {
  openStore,
  packArtifact,
  type PackToUnpack,
  type Store,
  unpackArtifact,
} from "../../src/store/index.ts";
import { readText, type World } from "../../src/world/index.ts";
import { createSimulatedDisk, createSimulatedWorld } from "../../src/world/simulated/index.ts";

const files: Readonly<Record<string, string>> = {
  "bin/tool": "#!/bin/sh\n",
  "lib/again": "the same\n",
  "lib/deep/same": "the same\n",
  "share/empty": "",
  "share/large": "0123456789abcdef".repeat(40_000),
};

function manifestOf(content: Readonly<Record<string, string>>): Manifest {
  const entries = Object.entries(content).map(([path, text]): Entry => ({
    type: "file",
    path,
    mode: path.startsWith("bin/") ? 0o755 : 0o444,
    sizeBytes: text.length,
    sha256: digestOf(text),
  }));
  return makeManifest([
    ...entries,
    { type: "link", path: "bin/other", target: "tool" },
    { type: "directory", path: "var", mode: 0o555 },
  ]);
}

const manifest = manifestOf(files);

interface Shelf {
  readonly world: World;
  readonly store: Store;
}

function newShelf(root: string): Shelf {
  const world = createSimulatedWorld({ disk: createSimulatedDisk() });
  return { world, store: openStore(world, root, { sync: false }) };
}

function filled(root = "/store"): Shelf & { readonly id: string } {
  const disk = createSimulatedDisk();
  const world = createSimulatedWorld({ disk });
  const store = openStore(world, root, { sync: false });
  const stage = `${store.makeScratch("made")}/stage`;
  disk.plant(stage, files);
  for (const [path] of Object.entries(files))
    disk.setMode(`${stage}/${path}`, path.startsWith("bin/") ? 0o755 : 0o444);
  disk.makeLink(`${stage}/bin/other`, "tool");
  disk.makeDirectory(`${stage}/var`, 0o555);
  return { world, store, id: store.addArtifact(stage, manifest) };
}

async function pack({ world, store }: Shelf, artifact: string): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of packArtifact(world, store, { artifact })) pieces.push(piece);
  return Buffer.concat(pieces);
}

async function* inPieces(bytes: Uint8Array, length = 1000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

function unpack(
  { world, store }: Shelf,
  bytes: Uint8Array,
  promised: Partial<PackToUnpack> = {},
): ReturnType<typeof unpackArtifact> {
  return unpackArtifact(world, store, { name: "the pack", bytes: inPieces(bytes), ...promised });
}

test("what one store has packed, another one has exactly, and packs to the same bytes", async () => {
  const first = filled();
  const bytes = await pack(first, first.id);
  const second = newShelf("/elsewhere/store");
  const { artifact } = await unpack(second, bytes, {
    artifact: first.id,
    packed: { sizeBytes: bytes.length, sha256: digestOf(bytes) },
  });
  expect(artifact).toBe(first.id);
  expect(second.store.examine(artifact, { readAll: true })?.manifest).toEqual(manifest);
  const tree = second.store.layout.artifactTree(artifact);
  expect(readText(second.world.disk, `${tree}/lib/deep/same`)).toBe("the same\n");
  expect(second.world.disk.readLink(`${tree}/bin/other`)).toBe("tool");
  expect(await pack(second, artifact)).toEqual(bytes);
  expect(second.world.disk.list("/elsewhere/store/scratch")).toEqual([]);
  expect(await unpack(second, bytes)).toMatchObject({ artifact });
});

test("equal contents are packed once, and what the packer says comes along", async () => {
  const { world, store, id } = filled();
  const pieces: Uint8Array[] = [];
  const about = { name: "x" };
  for await (const piece of packArtifact(world, store, { artifact: id, about })) pieces.push(piece);
  const plain = gunzipSync(Buffer.concat(pieces)).toString();
  expect(plain.split("the same\n")).toHaveLength(2);
  expect((await unpack(newShelf("/s"), Buffer.concat(pieces))).about).toEqual(about);
});

test("a file that was damaged in the store is not packed", async () => {
  const shelf = filled();
  const file = `${shelf.store.layout.artifactTree(shelf.id)}/bin/tool`;
  shelf.world.disk.removeFile(file);
  shelf.world.disk.createFile(file, "#!/bin/no\n", 0o755);
  await expect(pack(shelf, shelf.id)).rejects.toMatchObject({ code: "STORE_DAMAGED" });
});

async function refusal(bytes: Uint8Array, promised: Partial<PackToUnpack> = {}): Promise<string> {
  const shelf = newShelf("/s");
  const code = await unpack(shelf, bytes, promised).then(
    () => "taken",
    ({ code: given }) => String(given),
  );
  expect(shelf.world.disk.list("/s/scratch")).toEqual([]);
  if (code !== "taken") expect(shelf.world.disk.list("/s/artifacts")).toEqual([]);
  return code;
}

test("cut at any byte, nothing of it is in the store", async () => {
  const first = filled();
  const bytes = await pack(first, first.id);
  for (let length = 0; length < bytes.length; length += 29)
    expect(await refusal(bytes.subarray(0, length)), `${length} bytes`).toBe("PACK_CUT");
});

test("with any byte changed, it is refused", async () => {
  const first = filled();
  const bytes = await pack(first, first.id);
  const promised = {
    artifact: first.id,
    packed: { sizeBytes: bytes.length, sha256: digestOf(bytes) },
  };
  for (let at = 0; at < bytes.length; at += 23) {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 0x10;
    expect(await refusal(changed, promised), `byte ${at}`).toMatch(/^PACK_(WRONG|CUT)$/);
  }
});

/** A pack of rows and contents that belong to each other, however bad they are. */
function packOf(rows: unknown, ...contents: readonly string[]): Buffer {
  const text = JSON.stringify(rows);
  const header = `{"artifact":"${digestOf(text)}","about":null,"rows":${text}}`;
  return gzipSync(`tenon artifact 1\n${header.length}\n${header}${contents.join("")}`);
}

const file = (path: string, content: string): unknown =>
  ["f", path, "0644", content.length, digestOf(content)] as const;

describe("a pack of somebody who means harm is refused", () => {
  const good = manifestOf({ a: "a" });
  const cases: Readonly<Record<string, Buffer>> = {
    "no gzip": Buffer.from("<html>please sign in</html>"),
    "another file": gzipSync("#!/bin/sh\nrm -rf /\n"),
    "a line without an end": gzipSync("tenon artifact 1".repeat(100)),
    "a header of no length": gzipSync("tenon artifact 1\nx\n{}"),
    "a header that is larger than any": gzipSync("tenon artifact 1\n99999999999\n{}"),
    "a header that is no JSON": gzipSync("tenon artifact 1\n2\n{{"),
    "a header of null": gzipSync("tenon artifact 1\n4\nnull"),
    "a path that leads out": packOf([["d", "..", "0755"], file("../x", "x")], "x"),
    "an absolute path": packOf([file("/etc/x", "x")], "x"),
    "a path below a file": packOf([file("a", "a"), file("a/b", "b")], "a", "b"),
    "a path below a link": packOf([["l", "a", "/etc"], file("a/b", "b")], "b"),
    "a path in no folder": packOf([file("a/b", "b")], "b"),
    "a path twice": packOf([file("a", "a"), file("a", "a")], "a"),
    "a NUL in a path": packOf([file("a\0b", "b")], "b"),
    "a name that is too long": packOf([file("x".repeat(300), "x")], "x"),
    "a size below zero": packOf([["f", "a", "0644", -1, digestOf("")]]),
    "no list": packOf({}),
    "another content of the same length": packOf([file("a", "good")], "evil"),
    "more behind the files": packOf([file("a", "a")], "a", "b"),
    "another artifact than its rows": gzipSync(
      ((header: string) => `tenon artifact 1\n${header.length}\n${header}`)(
        `{"artifact":"${digestOf("x")}","rows":${JSON.stringify(good.map(toRow))}}`,
      ),
    ),
  };
  test.each(Object.entries(cases))("%s", async (_, bytes) => {
    expect(await refusal(bytes)).toBe("PACK_WRONG");
  });

  test("another artifact than the promised one", async () => {
    const bytes = packOf([file("a", "a")], "a");
    expect(await refusal(bytes)).toBe("taken");
    expect(await refusal(bytes, { artifact: digestOfManifest(manifest) })).toBe("PACK_WRONG");
  });

  test("more bytes than were promised, however many", async () => {
    const bytes = packOf([file("a", "a")], "a");
    const endless = async function* (): AsyncGenerator<Uint8Array> {
      for (;;) yield bytes;
    };
    const packed = { sizeBytes: bytes.length, sha256: digestOf(bytes) };
    expect(await refusal(bytes, { bytes: endless(), packed })).toBe("PACK_WRONG");
  });

  test("fewer files than its list", async () => {
    expect(await refusal(packOf([file("a", "a"), file("b", "b")], "a"))).toBe("PACK_CUT");
  });
});

test("what reading the bytes throws comes out as it is", async () => {
  const broken = async function* (): AsyncGenerator<Uint8Array> {
    yield gzipSync("tenon artifact 1\n").subarray(0, 12);
    throw new Error("the line is down");
  };
  const shelf = newShelf("/s");
  await expect(unpack(shelf, Buffer.alloc(0), { bytes: broken() })).rejects.toThrow(
    "the line is down",
  );
});
