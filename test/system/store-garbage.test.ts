/** `tenon gc --store`: what no prefix has any more goes when its time has come. */
import * as fs from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { wheelOf } from "../wheel/wheel-writer.ts";
import { openWorkshop, type Workshop } from "./workshop.ts";

const name = "greet-1.0-py3-none-any.whl";
const nothing =
  /^(would remove|removed) 0 artifacts and 0 sources \(0 B\); \d+ B (would )?stay in /;

let shop: Workshop;
beforeEach(() => {
  shop = openWorkshop({ [name]: wheelOf({ files: { "greet.py": "hello = 1\n" } }) });
});
afterEach(() => shop.dispose());

/** As if nobody had been here for 40 days. */
function age(folder: string): void {
  const time = new Date(fs.statSync(folder).mtimeMs - 40 * 24 * 60 * 60 * 1000);
  for (const each of fs.readdirSync(folder, { recursive: true, encoding: "utf8" }))
    fs.lutimesSync(`${folder}/${each}`, time, time);
}

test("a wheel that a prefix has stays, and goes when the prefix has gone", async () => {
  const prefix = `${shop.root}/one`;
  await shop.must("install", "--prefix", prefix, name);
  expect(await shop.must("gc", "--store")).toMatch(nothing);
  age(shop.store);
  expect(await shop.must("gc", "--store", "--max-size", "1")).toMatch(nothing);
  fs.rmSync(prefix, { recursive: true });
  expect(await shop.must("gc", "--store", "--keep", "8w")).toMatch(nothing);
  const plan = await shop.must("gc", "--store", "--dry-run");
  expect(plan).toMatch(/^would remove 1 artifact and 0 sources \(/);
  expect(fs.readdirSync(`${shop.store}/artifacts`)).toHaveLength(1);
  expect(await shop.must("gc", "--store")).toMatch(/^removed 1 artifact and 0 sources \(/);
  for (const folder of ["artifacts", "made", "wheels", "scratch"])
    expect(fs.readdirSync(`${shop.store}/${folder}`)).toEqual([]);
  await shop.must("install", "--prefix", prefix, name);
  expect(await shop.must("verify", "--prefix", prefix)).toContain("as recorded");
});

test("a configuration says how long, and the command line is asked first", async () => {
  await shop.must("install", "--prefix", `${shop.root}/one`, name);
  fs.rmSync(`${shop.root}/one`, { recursive: true });
  age(shop.store);
  const home = `${shop.root}/configuration`;
  fs.mkdirSync(`${home}/tenon`, { recursive: true });
  fs.writeFileSync(`${home}/tenon/config.toml`, '[store]\nkeep = "8w"\n');
  const gc = (...more: string[]) =>
    shop.run(["gc", "--store", ...more], { environment: { XDG_CONFIG_HOME: home } });
  expect((await gc()).stdout).toMatch(nothing);
  expect((await gc("--dry-run", "--keep", "5w")).stdout).toContain("would remove 1 artifact");
  fs.writeFileSync(`${home}/tenon/config.toml`, '[store]\nkeep = "soon"\n');
  expect((await gc()).stderr).toContain('store.keep is "soon"');
});
