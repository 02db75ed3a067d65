/** The short names by which views take their layers. */
import { expect, test } from "vitest";
import { emptyLayer, linkLayers } from "../../src/view/layer-links.ts";
import { digestOf } from "../../src/core/index.ts";
import { createSimulatedDisk } from "../../src/world/simulated/index.ts";

test("every process gives a tree the same short name, which leads to it", () => {
  const disk = createSimulatedDisk();
  const trees = ["/store/a/tree", "/store/b/tree"];
  const names = linkLayers(disk, "/store/layers", trees);
  expect(names.map((name) => disk.readLink(`/store/layers/${name}`))).toEqual(trees);
  for (const name of names) expect(name).toMatch(/^[\w-]{4}$/);
  expect(linkLayers(disk, "/store/layers", trees)).toEqual(names);
  expect(linkLayers(createSimulatedDisk(), "/store/layers", trees)).toEqual(names);
});

test("a name that leads elsewhere is not taken, but made longer", () => {
  const disk = createSimulatedDisk();
  const whole = Buffer.from(digestOf("/store/a/tree"), "hex").toString("base64url");
  disk.plant("/store/layers", {});
  disk.makeLink(`/store/layers/${whole.slice(0, 4)}`, "/elsewhere");
  expect(linkLayers(disk, "/store/layers", ["/store/a/tree"])).toEqual([whole.slice(0, 5)]);
});

test("a link that another process has made is used", () => {
  const disk = createSimulatedDisk();
  const whole = Buffer.from(digestOf("/store/a/tree"), "hex").toString("base64url");
  disk.plant("/store/layers", {});
  disk.makeLink(`/store/layers/${whole.slice(0, 4)}`, "/store/a/tree");
  expect(linkLayers(disk, "/store/layers", ["/store/a/tree"])).toEqual([whole.slice(0, 4)]);
});

test("an empty layer holds the folder, and is made once", () => {
  const disk = createSimulatedDisk();
  const layer = emptyLayer(disk, "/store/layers", "var/work/x");
  expect(disk.status(`${layer}/var/work/x`)?.type).toBe("directory");
  expect(emptyLayer(disk, "/store/layers", "var/work/x")).toBe(layer);
});
