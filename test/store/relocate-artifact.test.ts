/** An artifact's files for a prefix: made once, traced back, and refused where the store is not as it was made. */
import { expect, test } from "vitest";
import {
  digestOf,
  digestOfManifest,
  type Entry,
  makeManifest,
  type Manifest,
  namesPrefix,
} from "../../src/core/index.ts";
import { findPlaces, findRows, placeholder, toMapRow } from "../../src/relocation/index.ts";
import { openStore, relocateArtifact, type Store } from "../../src/store/index.ts";
import { readText } from "../../src/world/index.ts";
import {
  createSimulatedDisk,
  createSimulatedWorld,
  type SimulatedDisk,
} from "../../src/world/simulated/index.ts";

const target = "/opt/stack";
const record = "lib/site/x-1.dist-info/RECORD";
const script = (prefix: string): string => `#!${prefix}/bin/python\nprint(1)\n`;
const row = (text: string): string =>
  `../../bin/run,sha256=${Buffer.from(digestOf(text), "hex").toString("base64url")},${text.length}\n`;
const files = {
  "bin/run": script(placeholder),
  "lib/plain": "nothing of it\n",
  [record]: row(script(placeholder)),
};

function entryOf(path: string, content: string): Entry {
  const places = path === record ? findRows(content, () => true) : undefined;
  const map = places ? ({ form: "text", places } as const) : findPlaces(Buffer.from(content)).map;
  const entry = { type: "file", path, mode: 0o644, sizeBytes: content.length } as const;
  const relocation = map && { relocation: { map: toMapRow(map) } };
  return { ...entry, sha256: digestOf(content), ...relocation };
}

interface Shelf {
  readonly disk: SimulatedDisk;
  readonly store: Store;
  readonly id: string;
  readonly relocate: (manifest?: Manifest) => ReturnType<typeof relocateArtifact>;
}

function shelve(): Shelf & { readonly manifest: Manifest } {
  const disk = createSimulatedDisk();
  const world = createSimulatedWorld({ disk });
  const store = openStore(world, "/store", { sync: false });
  const manifest = makeManifest(Object.entries(files).map(([path, text]) => entryOf(path, text)));
  disk.plant(`${store.makeScratch("made")}/stage`, files);
  const id = store.addArtifact("/store/scratch/made/stage", manifest);
  return {
    disk,
    store,
    id,
    manifest,
    relocate: (given = manifest) => relocateArtifact(world, store, { id, manifest: given }, target),
  };
}

test("what names the prefix is made for it, RECORD says so, and all else stays", () => {
  const { disk, relocate, manifest } = shelve();
  const relocated = relocate();
  const { tree = "", paths } = relocated?.made ?? {};
  expect([...(paths ?? [])]).toEqual(["bin/run", record]);
  expect(readText(disk, `${tree}/bin/run`)).toBe(script(target));
  expect(readText(disk, `${tree}/${record}`)).toBe(row(script(target)));
  for (const entry of relocated?.manifest.filter(namesPrefix) ?? []) {
    const mine = manifest.find(({ path }) => path === entry.path) as typeof entry;
    expect(entry.sha256).toBe(digestOf(readText(disk, `${tree}/${entry.path}`)));
    expect(entry.relocation.original).toEqual({ sizeBytes: mine.sizeBytes, sha256: mine.sha256 });
  }
});

test("a second time it is only looked up; made again when it is gone", () => {
  const { disk, relocate, store, id } = shelve();
  const first = relocate();
  const before = disk.list("/store/made");
  expect(relocate()).toEqual(first);
  expect(disk.list("/store/made")).toEqual(before);
  expect(store.treesOf(id, target)).toEqual([first?.made?.tree, `/store/artifacts/${id}/tree`]);
  expect(store.treesOf(id, "/other")).toEqual([`/store/artifacts/${id}/tree`]);
  disk.createFile("/store/scratch/other", "{");
  disk.rename("/store/scratch/other", store.layout.relocated(id, target));
  expect(relocate()?.made?.paths).toEqual(first?.made?.paths);
});

test("a file that is not what its map was made of is refused", () => {
  const { disk, relocate, id, store } = shelve();
  const place = `/store/artifacts/${id}/tree/bin/run`;
  disk.removeFile(place);
  disk.createFile(place, script(placeholder).replace("print", "PRINT"));
  expect(relocate()).toBeUndefined();
  expect(disk.list(store.layout.scratch).map(({ name }) => name)).not.toContainEqual(
    expect.stringContaining("relocate-"),
  );
});

test.each<[string, readonly (string | number)[][]]>([
  ["points outside of its file", [[4000]]],
  ["points to something else", [[3]]],
  ["overlaps", [[2], [3]]],
  ["is in no form that is known", [[2, "a", "b", "c"]]],
])("a map that %s is refused", (_what, places) => {
  const { relocate, manifest, id } = shelve();
  const wrong = manifest.map((entry) =>
    entry.path === "bin/run" && entry.type === "file"
      ? { ...entry, relocation: { map: ["text", ...places] as const } }
      : entry,
  );
  expect(digestOfManifest(wrong)).not.toBe(id);
  expect(relocate(wrong)).toBeUndefined();
});
