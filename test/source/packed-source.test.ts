/** A source that goes to another machine is there what it was here: content, modes and times. */
import * as fs from "node:fs";
import { afterEach, expect, test } from "vitest";
import { adoptSource, packSource } from "../../src/source/packed-source.ts";
import { digestSource } from "../../src/source/digest.ts";
import { openStore } from "../../src/store/index.ts";
import { createSite, type RecipeParts, type Site, world } from "../builder/site.ts";

const sites: Site[] = [];
afterEach(() => {
  for (const site of sites.splice(0)) site.remove();
});

async function move(parts: RecipeParts, prepare: (folder: string) => void = () => {}) {
  const site = createSite();
  sites.push(site);
  const { recipe } = site.job(parts);
  const { sources } = site.context;
  prepare(`${site.root}/source1`);
  const sent = `${site.root}/sent`;
  const there = `${site.root}/there`;
  for (const folder of [sent, there]) fs.mkdirSync(folder);
  const packed = packSource(sources, recipe, undefined, (sha256, file) =>
    fs.copyFileSync(file, `${sent}/${sha256}`),
  );
  if (packed === undefined) throw new Error("it cannot leave");
  const store = openStore(world, `${site.root}/other`, { sync: false });
  const context = { ...sources, store };
  const adopt = () =>
    adoptSource(
      context,
      { recipe, pin: undefined, packed },
      { fileOf: (sha256) => `${sent}/${sha256}`, folder: there },
    );
  return { recipe, sources, context, packed, sent, there, adopt };
}

test("a folder comes with its modes, links and times, and with the digest that keys know", async () => {
  const files = { "a/run": { text: "#!/bin/sh\n", mode: 0o755 }, b: "b\n" };
  const moved = await move({ name: "folder", files }, (folder) => {
    fs.symlinkSync("a/run", `${folder}/link`);
    fs.utimesSync(`${folder}/b`, 1_000, 1_000);
    fs.utimesSync(`${folder}/a/run`, 2_000, 2_000);
  });
  const recipe = await moved.adopt();
  if (recipe.source?.kind !== "path") throw new Error("it is no folder any more");
  const { path } = recipe.source;
  expect(path.startsWith(moved.there)).toBe(true);
  expect(fs.statSync(`${path}/a/run`).mode & 0o777).toBe(0o755);
  expect(fs.readlinkSync(`${path}/link`)).toBe("a/run");
  expect(fs.statSync(`${path}/b`).mtimeMs).toBe(1_000_000);
  expect(fs.statSync(`${path}/a/run`).mtimeMs).toBe(2_000_000);
  expect(digestSource(moved.context, recipe)).toBe(digestSource(moved.sources, moved.recipe));
});

test("a single file comes with its name", async () => {
  const moved = await move({ name: "file", files: { "tool.sh": "echo\n" } });
  const { source } = moved.recipe;
  if (source?.kind !== "path") throw new Error("it is no folder");
  const recipe = { ...moved.recipe, source: { ...source, path: `${source.path}/tool.sh` } };
  const packed = packSource(moved.sources, recipe, undefined, (sha256, file) =>
    fs.copyFileSync(file, `${moved.sent}/${sha256}`),
  );
  if (packed === undefined) throw new Error("it cannot leave");
  const adopted = await adoptSource(
    moved.context,
    { recipe, pin: undefined, packed },
    { fileOf: (sha256) => `${moved.sent}/${sha256}`, folder: moved.there },
  );
  expect(adopted.source).toEqual({ kind: "path", path: `${moved.there}/tool.sh` });
});

test("what was changed on its way is refused", async () => {
  const { packed, sent, adopt } = await move({ name: "folder", files: { b: "b\n" } });
  fs.appendFileSync(`${sent}/${packed.content}`, "more");
  await expect(adopt()).rejects.toMatchObject({ code: "SOURCE_DAMAGED" });
});

test("a link out of the folder keeps it here", async () => {
  await expect(
    move({ name: "folder", files: { b: "b\n" } }, (folder) =>
      fs.symlinkSync("../elsewhere", `${folder}/out`),
    ),
  ).rejects.toThrow("cannot leave");
});
