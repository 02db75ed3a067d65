/** The prefix is what the recipes say: what leaves, what two workspaces share, and what a rollback means. */
import * as fs from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { noView, openWorkshop, skippedWord, type Workshop } from "./workshop.ts";

function recipe(name: string, { version = "1", run = "", by = "", tool = "" } = {}): string {
  const mark = by === "" ? "" : `wanted-by = "${by}"\n`;
  const list = (names: string): string => (names === "" ? "[]" : `["${names}"]`);
  return `name = "${name}"
version = "${version}"
${mark}depends.run = ${list(run)}
depends.build = ${list(tool)}
build.system = "script"
build.script = '''
mkdir -p "$DESTDIR$PREFIX/bin"
echo ${version} >"$DESTDIR$PREFIX/bin/${name}"
'''
`;
}

let shop: Workshop;
beforeEach(async () => {
  shop = openWorkshop({
    "packages/app.toml": recipe("app", { run: "lib", tool: "tool" }),
    "packages/lib.toml": recipe("lib", { by: "dependents" }),
    "packages/tool.toml": recipe("tool", { by: "dependents" }),
  });
  await shop.must("build");
});
afterEach(() => shop.dispose());

function programs(): string[] {
  return fs.existsSync(`${shop.prefix}/bin`) ? fs.readdirSync(`${shop.prefix}/bin`) : [];
}

test("what nothing needs any more leaves with what joins, as was told, and comes back by a rollback", async () => {
  fs.rmSync(`${shop.workspace}/packages/app.toml`);
  shop.write({ "packages/new.toml": recipe("new") });
  const planned = await shop.must("build", "-n");
  expect(planned).toContain("  + new 1\n");
  expect(planned).toContain("  - app 1 (it has no recipe)\n");
  expect(planned).toContain("  - lib 1 (no package needs it)\n");
  const before = shop.transactions().length;
  const { stdout, stderr, code } = await shop.run(["build"]);
  expect(stderr).toMatch(
    /note: this build removes from the prefix app 1 \(.*\), and lib 1 \(no package needs it\)/,
  );
  expect(stdout).toMatch(/removed app, lib\n.*1 changed in the prefix, \d removed from it/);
  expect([code, programs()]).toEqual([0, ["new"]]);
  expect(shop.transactions()).toHaveLength(before + 1);
  expect(await shop.must("build")).toContain("nothing to do: 1 package up to date");

  await shop.must("rollback");
  expect(programs()).toEqual(expect.arrayContaining(["app", "lib"]));
  const refused = await shop.run(["build"]);
  expect(refused.code).toBe(3);
  expect(refused.stderr).toContain("app 1 would leave");
  expect(refused.stderr).toContain("with --again");
  await shop.must("build", "--again");
  expect(programs()).toEqual(["new"]);
});

test("an upgrade that was rolled back at night is not built in again in the morning", async () => {
  shop.edit("packages/app.toml", 'version = "1"', 'version = "2"');
  await shop.must("build");
  await shop.must("rollback");
  const planned = await shop.must("build", "-n");
  expect(planned).toContain("built       app 2");
  expect(planned).toMatch(/ {2}\+ app 1 → 2 \(built; rolled back on \d{4}-.*UTC\)\n.*--again/);
  const [plan] = (await shop.must("build", "-n", "--json")).trim().split("\n").slice(-1);
  expect(JSON.parse(plan ?? "")).toMatchObject({
    result: { changes: [{ name: "app", undone: { by: "rollback" } }], undoing: ["app"] },
  });
  expect((await shop.run(["build"])).code).toBe(3);
  shop.edit("packages/app.toml", 'version = "2"', 'version = "2.1"');
  await shop.must("build");
  expect(await shop.must("list")).toMatch(/^app +2\.1 /m);
});

test("what tenon install has put there stays, and so does what another workspace wants", async () => {
  shop.write({ "stage/bin/hand": "by hand" });
  const stage = `${shop.workspace}/stage`;
  await shop.must("install", "--name", "hand", "--version", "1", "--stage", stage);
  const theirs = openWorkshop(
    { "packages/lib.toml": recipe("lib"), "packages/their.toml": recipe("their") },
    { prefix: shop.prefix, store: shop.store },
  );
  try {
    await theirs.must("build");
    for (const name of ["app", "lib"]) fs.rmSync(`${shop.workspace}/packages/${name}.toml`);
    await shop.must("build");
    expect(programs()).toEqual(["hand", "lib", "their"]);
    fs.rmSync(`${theirs.workspace}/packages/lib.toml`);
    await theirs.must("build");
    expect(programs()).toEqual(["hand", "their"]);
  } finally {
    theirs.dispose();
  }
});

test("remove says that a build brings a package back, and drop removes its recipe", async () => {
  shop.edit("packages/app.toml", "depends.run", 'wanted-by = "add"\ndepends.run');
  const removed = await shop.run(["remove", "app"]);
  expect(removed.stderr).toContain("brings app back");
  const { stdout } = await shop.run(["drop", "app"]);
  expect(stdout).toContain("removed the recipe of app 1\n");
  const { stderr, code } = await shop.run(["drop", "nosuch"]);
  expect([code, stderr]).toEqual([2, expect.stringContaining("is called nosuch")]);
});

test.skipIf(noView !== undefined)(
  `with --keep-going=join, what is whole joins although another package failed${skippedWord}`,
  async () => {
    shop.edit("packages/app.toml", "mkdir", "exit 7\nmkdir");
    shop.edit("packages/lib.toml", "echo 1", "echo 2");
    shop.write({ "packages/new.toml": recipe("new") });
    const failed = await shop.run(["build"]);
    expect(failed.code).toBe(1);
    expect(failed.stderr).toContain(
      "to join 1 finished package already now: tenon build --keep-going=join",
    );
    expect(programs()).not.toContain("new");

    const { stderr, code } = await shop.run(["build", "--keep-going=join"]);
    expect(code).toBe(1);
    expect(stderr).toContain("failed: 1 package; the prefix has changed in 1 package");
    expect(stderr).toContain(
      "not joined, because it does not fit the old version of what failed: lib",
    );
    expect(programs()).toContain("new");
    expect(fs.readFileSync(`${shop.prefix}/bin/lib`, "utf8")).toBe("1\n");
    const both = await shop.run(["build", "--fail-fast", "--keep-going"]);
    expect([both.code, both.stderr]).toEqual([2, expect.stringContaining("exclude each other")]);
  },
);
