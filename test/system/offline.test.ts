/** Sources come once, checked, and are then here (I11): fetch, lock, --offline. */
import * as fs from "node:fs";
import { afterEach, expect, test } from "vitest";
import { gong, gongRecipe, sha256Of, withGong } from "./stack.ts";
import { openWorkshop, runInstalled, type Workshop } from "./workshop.ts";

let shop: Workshop;
afterEach(() => shop.dispose());

const archive = gong["archives/gong-1.0.tar.gz"] as Buffer;

test("what was fetched is built without the place that it came from", async () => {
  shop = openWorkshop({});
  shop.write(withGong(shop.workspace));
  expect(await shop.must("fetch")).toBe("fetched 1 source; the sources of 1 package are here\n");
  expect(await shop.must("fetch")).toBe("nothing to fetch: the sources of 1 package are here\n");
  fs.rmSync(`${shop.workspace}/archives`, { recursive: true });
  await shop.must("build", "--offline");
  expect(runInstalled(`${shop.prefix}/bin/gong`)).toBe("GONG\n");
});

test("a source that is not here fails an offline build", async () => {
  shop = openWorkshop({});
  const sha256 = sha256Of(archive);
  const far = gongRecipe("/", sha256).replace("file:///", "https://localhost:1");
  shop.write({ ...withGong(shop.workspace), "packages/gong/recipe.toml": far });
  const ended = await shop.run(["build", "--offline"]);
  expect(ended).toMatchObject({ code: 1, stdout: "" });
  expect(ended.stderr).toMatch(
    /^gong 1\.0 failed in fetch: the source of gong is not in the store, and --offline was given\n {2}hint: Run `tenon fetch` while online\.\n/m,
  );
});

test("of several sources all that can be had are fetched, and all others told", async () => {
  shop = openWorkshop({});
  const recipe = (name: string, sha256: string, url: string): string =>
    gongRecipe(shop.workspace, sha256)
      .replace(/^name = .*$/m, `name = "${name}"`)
      .replace(/^patches = .*\n/m, "")
      .replace(/file:\/\/[^"]*/, url);
  const here = `file://${shop.workspace}/archives/gong-1.0.tar.gz`;
  const wrong = "0".repeat(64);
  shop.write({
    ...withGong(shop.workspace),
    "packages/a/recipe.toml": recipe("a", "1".repeat(64), `file://${shop.workspace}/gone.tar.gz`),
    "packages/b/recipe.toml": recipe("b", wrong, here),
  });
  const ended = await shop.run(["fetch"]);
  expect(ended).toMatchObject({ code: 1, stdout: "" });
  expect(ended.stderr).toMatch(
    /^error: a \(.*\): the source could not be fetched from file:.*gone\.tar\.gz$/m,
  );
  expect(ended.stderr).toMatch(/b \(.*\): the source has a wrong digest: expected sha256 0{64}/);
  expect(ended.stderr).toContain("Run `tenon fetch PACKAGE` for the details of one of them.");
  expect(fs.readdirSync(`${shop.store}/sources`)).toEqual([sha256Of(archive)]);
});

test.each(["--locked", "--offline"])(
  "a source without a digest is refused with %s",
  async (how) => {
    shop = openWorkshop({});
    shop.write(withGong(shop.workspace));
    shop.write({ "packages/gong/recipe.toml": gongRecipe(shop.workspace, undefined) });
    const ended = await shop.run(["build", how]);
    expect(ended).toMatchObject({ code: 2, stdout: "" });
    expect(ended.stderr).toMatch(/packages\/gong\/recipe\.toml:\d+:\d+: /);
    expect(ended.stderr).toContain("tenon lock");
    expect(await shop.must("lock")).toContain("pinned gong");
    const lock = fs.readFileSync(`${shop.workspace}/tenon.lock`, "utf8");
    expect(lock).toContain(sha256Of(archive));
    await shop.must("build", "--locked");
  },
);

test("a source without a digest is pinned by its first build", async () => {
  shop = openWorkshop({});
  shop.write(withGong(shop.workspace));
  shop.write({ "packages/gong/recipe.toml": gongRecipe(shop.workspace, undefined) });
  await shop.must("build", "--dry-run");
  const file = `${shop.workspace}/tenon.lock`;
  expect(fs.existsSync(file)).toBe(false);
  const { code, stderr } = await shop.run(["build"]);
  expect(code).toBe(0);
  expect(stderr).toContain("note: gong: pinned to url file://");
  expect(fs.readFileSync(file, "utf8")).toContain(sha256Of(archive));
  expect(await shop.must("lock")).toBe("nothing to pin\n");
});

test("a source with another digest is refused, with both digests", async () => {
  shop = openWorkshop({});
  shop.write(withGong(shop.workspace));
  const wrong = "0".repeat(64);
  shop.write({ "packages/gong/recipe.toml": gongRecipe(shop.workspace, wrong) });
  for (const command of ["build", "fetch"]) {
    const ended = await shop.run([command]);
    expect(ended).toMatchObject({ code: 1, stdout: "" });
    expect(ended.stderr).toContain(
      `expected sha256 ${wrong}, got ${sha256Of(archive)} from file://${shop.workspace}/archives/`,
    );
  }
  expect(fs.readdirSync(`${shop.store}/sources`)).toEqual([]);
  expect(fs.readdirSync(`${shop.store}/scratch`)).toEqual([]);
});
