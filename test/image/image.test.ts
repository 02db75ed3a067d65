/** Images: the same digest whoever makes them, few layers that change little, and what they stand on. */
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { PortablePackage } from "../../src/bundle/index.ts";
import { digestOf } from "../../src/core/index.ts";
import { readBase } from "../../src/image/base.ts";
import { architectureOf } from "../../src/image/format.ts";
import { lastLayer } from "../../src/image/layer-content.ts";
import { layersOf } from "../../src/image/layers.ts";
import { writeImage } from "../../src/image/write-image.ts";
import { writeTar } from "../../src/image/write-tar.ts";
import { makeImage } from "../../src/operations/make-image.ts";
import { layoutOf, readRecords, verifyRecords } from "../../src/prefix/index.ts";
import { joinAt, openPlace, type Place } from "../bundle/stack-on-disk.ts";

let place: Place;
beforeAll(async () => {
  place = openPlace();
  await joinAt(place, `${place.root}/first`);
  await joinAt(place, `${place.root}/a/second`);
});
afterAll(() => fs.rmSync(place.root, { recursive: true, force: true }));

function make(prefix: string, output: string, more: { readonly base?: string } = {}) {
  return makeImage(place.world, layoutOf(`${place.root}/${prefix}`), {
    packages: [],
    output: `${place.root}/${output}`,
    at: `${place.root}/at`,
    name: "stack",
    tool: "1",
    ...more,
  });
}

interface Image {
  readonly layers: readonly { readonly digest: string }[];
  readonly config: { readonly digest: string };
}

function readBlob<Value>(folder: string, digest: string): Value {
  return JSON.parse(
    fs.readFileSync(`${place.root}/${folder}/blobs/${digest.replace(":", "/")}`, "utf8"),
  ) as Value;
}

test("two prefixes give the same image, whose layers are a prefix that verifies", async () => {
  const one = await make("first", "image");
  const two = await make("a/second", "image.tar");
  expect(two.digest).toBe(one.digest);
  const { layers, config } = readBlob<Image>("image", `sha256:${one.digest}`);
  expect(layers.length).toBe(3);
  const { rootfs } = readBlob<{ rootfs: { diff_ids: string[] } }>("image", config.digest);
  for (const [index, { digest }] of layers.entries()) {
    const file = `${place.root}/image/blobs/${digest.replace(":", "/")}`;
    const plain = spawnSync("gzip", ["-dc", file], { maxBuffer: 1 << 28 }).stdout;
    expect(`sha256:${digestOf(plain)}`).toBe(rootfs.diff_ids[index]);
    expect(spawnSync("tar", ["-xpof", "-", "-C", "/"], { input: plain }).status).toBe(0);
  }
  const layout = layoutOf(`${place.root}/at`);
  const records = readRecords(place.world.disk, layout);
  expect([...records.keys()]).toEqual(["app", "need"]);
  expect(verifyRecords(place.world.disk, layout, records.values())).toEqual([]);

  fs.mkdirSync(`${place.root}/unpacked`);
  spawnSync("tar", ["-xf", `${place.root}/image.tar`, "-C", `${place.root}/unpacked`]);
  const listed = (folder: string) => fs.readdirSync(`${place.root}/${folder}/blobs/sha256`).sort();
  expect(listed("unpacked")).toEqual(listed("image"));
});

test("an image stands on another one, which is named by its digest where that is not clear", async () => {
  const base = await make("first", "base");
  const made = await make("first", "above", { base: `${place.root}/base@sha256:${base.digest}` });
  const { layers } = readBlob<Image>("above", `sha256:${made.digest}`);
  expect(layers.length).toBe(6);
  expect((await make("first", "again", { base: `${place.root}/base` })).digest).toBe(made.digest);
  const blob = readBase(place.world.disk, `${place.root}/base`).manifest.layers[0]?.digest ?? "";
  fs.rmSync(`${place.root}/base/blobs/${blob.replace(":", "/")}`);
  await expect(make("first", "none", { base: `${place.root}/base` })).rejects.toThrow("is missing");
  await expect(make("first", "none", { base: `${place.root}/first` })).rejects.toThrow("0 images");
  await expect(make("first", "image")).rejects.toThrow("is not empty");
  expect(fs.existsSync(`${place.root}/none`)).toBe(false);
});

function packageOf(name: string, isPublished: boolean): PortablePackage {
  const source = isPublished ? { about: { source: { place: "https://a.test" } } } : {};
  return { record: { name, ...source } } as unknown as PortablePackage;
}

test("hundreds of packages have at most 19 layers, and a new one changes the place of no other", () => {
  const packages = Array.from({ length: 300 }, (_, at) => packageOf(`package-${at}`, at % 5 > 0));
  const before = layersOf(packages);
  expect(before.length).toBe(19);
  expect(before.flat().length).toBe(300);
  const namesIn = (layers: readonly PortablePackage[][]) =>
    layers.map((layer) => layer.map(({ record }) => record.name).join(" "));
  const after = namesIn(layersOf([...packages, packageOf("another", true)]));
  expect(after.filter((names) => !namesIn(before).includes(names)).length).toBe(1);
});

test("few packages have a layer each, what changes often above what does not", () => {
  const layers = layersOf([packageOf("own", false), packageOf("theirs", true)]);
  expect(layers.map(([first]) => first?.record.name)).toEqual(["theirs", "own"]);
});

test("architectures have the names that OCI gives them", () => {
  expect(["x86_64", "aarch64", "riscv64"].map(architectureOf)).toEqual([
    "amd64",
    "arm64",
    "riscv64",
  ]);
});

test("an image of nothing but its last layer is whole, and its archive has all of it", async () => {
  const more = new Map([["share/a", "text\n"]]);
  const folder = `${place.root}/small`;
  const facts = { packages: [], architecture: "amd64", env: { PATH: "/o/bin" }, name: "small" };
  const { layers } = await writeImage(place.world, { ...facts, more, at: "/o", folder });
  const plain = Buffer.concat([...lastLayer(more, "/o")]);
  const listed = spawnSync("tar", ["-tf", "-"], { input: plain, encoding: "utf8" }).stdout;
  expect(listed).toBe("o/\no/share/\no/share/a\n");
  writeTar(place.world, folder, `${place.root}/small.tar`);
  const all = spawnSync("tar", ["-tf", `${place.root}/small.tar`], { encoding: "utf8" }).stdout;
  for (const name of ["oci-layout", "index.json", `blobs/sha256/${layers[0]?.digest}`])
    expect(all.split("\n")).toContain(name);
});
