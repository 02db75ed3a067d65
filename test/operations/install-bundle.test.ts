/** `tenon install BUNDLE`: the packages join with their records as a build joins them, and a damaged bundle changes nothing. */
import * as fs from "node:fs";
import * as zlib from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openBundle } from "../../src/bundle/read-bundle.ts";
import { digestOf } from "../../src/core/index.ts";
import { bundlePackages } from "../../src/operations/bundle-packages.ts";
import { installBundle } from "../../src/operations/install-bundle.ts";
import type { OpenPrefix } from "../../src/operations/operate.ts";
import { layoutOf, readRecords, verifyRecords } from "../../src/prefix/index.ts";
import { joinAt, openPlace, type Place, readAll } from "../bundle/stack-on-disk.ts";

let place: Place;
let file: string;
beforeAll(async () => {
  place = openPlace();
  file = `${place.root}/stack.sh`;
  await joinAt(place, `${place.root}/first`);
  const layout = layoutOf(`${place.root}/first`);
  await bundlePackages(place.world, layout, { packages: [], file, tool: "1" });
});
afterAll(() => fs.rmSync(place.root, { recursive: true, force: true }));

function install(prefix: string, from = file) {
  const { world, root } = place;
  const open: OpenPrefix = {
    world,
    layout: layoutOf(prefix),
    store: `${root}/other-store`,
    activity: "tenon install",
    sync: false,
    emit: () => {},
  } as unknown as OpenPrefix;
  return installBundle(open, { file: from, link: "copy", replaces: [] });
}

test("packages join another store and prefix as a build joins them", async () => {
  const prefix = `${place.root}/a-longer/second`;
  await joinAt(place, prefix);
  const joined = readAll(prefix);
  fs.rmSync(prefix, { recursive: true });
  fs.mkdirSync(prefix, { recursive: true });
  expect(await install(prefix)).toMatchObject({
    kind: "done",
    value: { packages: [{ name: "app", version: "1" }, { name: "need" }] },
  });
  expect(readAll(prefix)).toEqual(joined);
  const layout = layoutOf(prefix);
  const records = readRecords(place.world.disk, layout);
  expect(verifyRecords(place.world.disk, layout, records.values())).toEqual([]);
  expect(fs.readdirSync(`${place.root}/other-store/scratch`)).toEqual([]);
});

test("a bundle that is cut, changed or none is refused, and no package joins", async () => {
  const content = fs.readFileSync(file);
  const damaged = `${place.root}/damaged.sh`;
  const prefix = `${place.root}/never`;
  fs.mkdirSync(prefix);
  const changed = Buffer.from(content);
  changed.writeUInt8((changed.at(-20) ?? 0) ^ 1, content.length - 20);
  for (const bytes of [content.subarray(0, -1), changed, Buffer.from("#!/bin/sh\n")]) {
    fs.writeFileSync(damaged, bytes);
    await expect(install(prefix, damaged)).rejects.toThrow("damaged.sh is refused");
  }
  expect(fs.readdirSync(prefix)).toEqual([]);
});

/** A bundle whose digest fits, though a file in it was changed. */
function forge(): Buffer {
  const text = fs.readFileSync(file, "latin1");
  const archiveAt = Number(/ tail=(\d+);/.exec(text)?.[1]) - 1;
  const archive = zlib.gunzipSync(Buffer.from(text.slice(archiveAt), "latin1"));
  const at = archive.indexOf("nothing of it\n");
  archive.write("Nothing", at);
  const packed = zlib.gzipSync(archive).toString("latin1");
  const head = text.slice(0, archiveAt);
  const stated = /sum=([0-9a-f]{64})/.exec(head)?.[1] ?? "";
  const sum = digestOf(Buffer.from(head.replace(stated, "") + packed, "latin1"));
  return Buffer.from(head.replace(stated, sum) + packed, "latin1");
}

test("a forged file whose bundle has a fitting digest is refused by its own digest", async () => {
  const forged = `${place.root}/forged.sh`;
  fs.writeFileSync(forged, forge());
  const prefix = `${place.root}/never-either`;
  fs.mkdirSync(prefix);
  await expect(install(prefix, forged)).rejects.toThrow("another content");
  const scratch = `${place.root}/opened`;
  fs.mkdirSync(scratch);
  const { records } = await openBundle(place.world, forged, scratch);
  expect(records.map(({ name }) => name)).toEqual(["app", "need"]);
  expect(fs.readdirSync(prefix)).toEqual([]);
});
