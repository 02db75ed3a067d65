/** `tenon sbom` of a prefix: what is named with what it needs, and nothing of a file that is not as recorded. */
import { beforeEach, expect, test } from "vitest";
import { billPackages } from "../../src/operations/bill-packages.ts";
import { selectInstalled } from "../../src/operations/select-installed.ts";
import type { SimulatedWorld } from "../../src/world/simulated/index.ts";
import { layout, old, plantOld } from "./old-prefix.ts";

let world: SimulatedWorld;
beforeEach(async () => {
  world = await plantOld();
});

const wanted = { packages: [], form: "spdx", files: true, tool: "1" } as const;

test("files have both digests that SPDX wants, and the same prefix gives the same text", () => {
  const text = billPackages(world, layout, wanted);
  expect(text).toContain('"SPDXID": "SPDXRef-Package-app"');
  expect(text).toContain('"fileName": "./lib/plain"');
  expect(text.match(/"SHA1"/g)?.length).toBe(text.match(/"SHA256"/g)?.length);
  expect(billPackages(world, layout, wanted)).toBe(text);
});

test("a changed file is refused, unless files are left out", () => {
  world.disk.removeFile(`${old}/lib/plain`);
  world.disk.createFile(`${old}/lib/plain`, "another text!\n");
  expect(() => billPackages(world, layout, wanted)).toThrow("lib/plain is not as the package app");
  expect(billPackages(world, layout, { ...wanted, files: false })).not.toContain("lib/plain");
});

test("what is named comes alone with its needs, and a name that is not there is told", () => {
  expect(selectInstalled(world, layout, ["app"]).map(({ name }) => name)).toEqual(["app"]);
  expect(selectInstalled(world, layout, []).map(({ name }) => name)).toEqual(["app", "tool"]);
  expect(() => selectInstalled(world, layout, ["ap"])).toThrow("ap is not installed");
});
