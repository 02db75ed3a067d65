/** `tenon tree` and `tenon export` from the command line. */
import { expect, test } from "vitest";
import "../../src/cli/export.ts";
import "../../src/cli/tree.ts";
import { createSimulatedWorld } from "../../src/world/simulated/index.ts";
import { tenon } from "./tenon.ts";

function machine() {
  const world = createSimulatedWorld();
  const build = '[build]\nsystem = "wheel"\n';
  world.disk.plant("/w", {
    "tenon.toml": "",
    "packages/app.toml": `name = "app"\nversion = "2"\nsource.pypi = "app"\ndepends.run = ["lib"]\n${build}`,
    "packages/lib.toml": `name = "lib"\nversion = "1"\nsource.pypi = "lib"\n${build}`,
  });
  return { world };
}

test("tree", async () => {
  const { out } = await tenon("tree app", {}, machine());
  expect(out).toBe("app 2\n└── lib 1\n");
  const json = JSON.parse((await tenon("tree -i lib --json", {}, machine())).out);
  expect(json).toMatchObject({ name: "lib", below: [{ name: "app", need: "run", below: [] }] });
  expect(await tenon("tree nosuch", {}, machine())).toMatchObject({ out: "", code: 2 });
});

test("export", async () => {
  expect(await tenon("export", {}, machine())).toMatchObject({
    out: "app==2\nlib==1\n",
    error: "note: written without digests, for these have none: app, lib\n",
    code: 0,
  });
  const { out } = await tenon("export --json lib", {}, machine());
  expect(JSON.parse(out)).toEqual({
    format: 1,
    requirements: ["lib==1"],
    leftOut: [],
    unhashed: ["lib"],
  });
});

test("export writes a file, whose name tells its format, and nothing but a file gives way to it", async () => {
  const { world } = machine();
  expect(await tenon("export -o requirements.txt", {}, { world })).toMatchObject({
    out: "",
    code: 0,
  });
  expect(Buffer.from(world.disk.readFile("/w/requirements.txt")).toString()).toBe(
    "app==2\nlib==1\n",
  );
  expect(await tenon("export -o pylock.dev.toml --no-hashes", {}, { world })).toMatchObject({
    error: expect.stringContaining("a pylock.toml has the digest of every file"),
    code: 2,
  });
  expect(await tenon("export -o packages", {}, { world })).toMatchObject({
    error: expect.stringContaining("packages is a folder, and nothing is written there"),
    code: 2,
  });
});
