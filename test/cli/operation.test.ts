/** All commands that change a prefix wait, refuse, plan and print in the same way. */
import { beforeEach, describe, expect, test } from "vitest";
// Loaded before, not in the time of the first test.
import "../../src/cli/install.ts";
import "../../src/cli/install-stage.ts";
import { tryLockPrefix, layoutOf } from "../../src/prefix/index.ts";
import { exists, readText } from "../../src/world/index.ts";
import { createSimulatedWorld, type SimulatedWorld } from "../../src/world/simulated/index.ts";
import { type Ran, tenon } from "./tenon.ts";

const prefix = "/opt/p";
const stage = `install --name b --version 1 --stage /s --prefix ${prefix}`;

let world: SimulatedWorld;
beforeEach(async () => {
  world = createSimulatedWorld();
  world.disk.plant("/w", {});
  world.disk.plant("/s", { "bin/a": "a" });
  await on(`install --name a --version 1 --stage /s --prefix ${prefix}`);
  world.disk.plant("/s", { "bin/b": "b" });
});

function on(line: string, signal?: AbortSignal): Promise<Ran> {
  return tenon(line, {}, { world, ...(signal === undefined ? {} : { signal }) });
}

/** With something that it can put right. */
function breakA(): void {
  world.disk.plant(prefix, { "lib/__pycache__/gone.cpython-311.pyc": "" });
}

const all = [
  stage,
  `remove a --prefix ${prefix}`,
  `rollback --prefix ${prefix}`,
  `verify --repair --prefix ${prefix}`,
  `recover --prefix ${prefix}`,
  `gc --prefix ${prefix}`,
];

test.each(["list", "files a", "owner bin/a", "history", "verify", "remove a", "rollback", "gc"])(
  "every line that %s prints for machines says its format",
  async (line) => {
    const { out } = await on(`${line} --json --prefix ${prefix}`);
    const values = out
      .trim()
      .split("\n")
      .map((each) => JSON.parse(each) as object);
    expect(values.map((value) => Object.entries(value)[0])).toEqual(
      values.map(() => ["format", 1]),
    );
  },
);

describe("beside another process", () => {
  beforeEach(() => {
    breakA();
    const other = { ...world, disk: world.disk.asProcess("other") };
    tryLockPrefix(other, layoutOf(prefix), "tenon build");
  });

  test.each(all)("--no-wait refuses and names it: %s", async (line) => {
    const { out, error, code } = await on(`${line} --no-wait`);
    expect({ out, code }).toEqual({ out: "", code: 4 });
    expect(error).toMatch(
      /^error: process \d+ \(tenon build, since [\d:]+\) is changing \/opt\/p\n/,
    );
  });

  test.each(all)("an interruption ends the waiting: %s", async (line) => {
    const { out, error, code } = await on(line, AbortSignal.abort());
    expect({ out, code }).toEqual({ out: "", code: 130 });
    expect(error).toMatch(/^error: interrupted while process \d+ \(tenon build, since /);
  });
});

describe("--dry-run says what would be done, and changes nothing", () => {
  test.each([
    [stage, "would install 1 package: b 1\n"],
    [`remove a --prefix ${prefix}`, "would remove 1 package: a\n"],
    [`rollback --prefix ${prefix}`, "would roll back 1 transaction: "],
    [
      `verify --repair --prefix ${prefix}`,
      "would remove lib/__pycache__/gone.cpython-311.pyc, which is out of date\n",
    ],
  ])("%s", async (line, said) => {
    breakA();
    const before = [world.disk.snapshot(prefix), world.disk.snapshot("/s")];
    const { out, error, code } = await on(`${line} -n`);
    expect({ error, code }).toEqual({ error: "", code: 0 });
    expect(out.startsWith(said), out).toBe(true);
    const json: unknown = JSON.parse((await on(`${line} -n --json`)).out);
    expect(json).toMatchObject({ kind: "planned" });
    expect([world.disk.snapshot(prefix), world.disk.snapshot("/s")]).toEqual(before);
  });
});

test("a stage that is handed over is gone, and what is kept stays", async () => {
  expect(await on(`${stage} --keep-stage`)).toMatchObject({
    out: "installed 1 package: b 1\n",
    code: 0,
  });
  expect(exists(world.disk, "/s/bin/b")).toBe(true);
  const { out } = await on(`${stage} --json`);
  expect(JSON.parse(out)).toEqual({
    format: 1,
    kind: "installed",
    packages: [{ name: "b", version: "1" }],
  });
  expect(exists(world.disk, "/s")).toBe(false);
  expect(readText(world.disk, `${prefix}/bin/b`)).toBe("b");
});

describe("a conflict goes to stderr, with what helps in that situation", () => {
  const foreign = "bin/b comes with b, but there is already a file that no package owns";

  test.each([stage, `${stage} -n`])("%s", async (line) => {
    world.disk.plant(prefix, { "bin/b": "mine" });
    const { out, error, code } = await on(line);
    expect({ out, code }).toEqual({ out: "", code: 3 });
    expect(error).toContain("conflict: the prefix is unchanged\n");
    expect(error).toContain(foreign);
    expect(error).toContain(
      "hint: If these files are an earlier installation of this package, add --adopt",
    );
    expect(exists(world.disk, "/s/bin/b")).toBe(true);
    const json = await on(`${line} --json`);
    expect(json).toMatchObject({ error: "", code: 3 });
    expect(JSON.parse(json.out)).toMatchObject({
      kind: "conflict",
      conflicts: [{ kind: "foreign", path: "bin/b", package: "b" }],
      cures: [expect.stringContaining("--adopt"), "Otherwise move the files away."],
    });
  });

  test("a path of another package", async () => {
    world.disk.plant("/s", { "bin/a": "b's" });
    const { error, code } = await on(stage);
    expect(code).toBe(3);
    expect(error).toContain("bin/a comes with b, but belongs to a");
    expect(error).toContain("--replaces PATH");
    expect(error).not.toContain("stage.drop");
  });
});

test("what a repair cannot bring is a failure, on stdout", async () => {
  world.disk.removeFile(`${prefix}/bin/a`);
  const { out, code } = await on(`verify --repair --prefix ${prefix}`);
  expect(code).toBe(1);
  expect(out).toMatch(/^lost bin\/a: its content is nowhere on this machine/);
});

test("where nothing differs, a repair says what verify says", async () => {
  const repaired = await on(`verify --repair --prefix ${prefix}`);
  expect(repaired).toEqual(await on(`verify --prefix ${prefix}`));
  expect(repaired).toMatchObject({ out: "ok: 1 file of 1 package as recorded\n", code: 0 });
});

test("what is not a prefix is not one for any care", async () => {
  for (const command of ["gc", "recover"]) {
    const { error, code } = await on(`${command} --prefix /opt/nowhere`);
    expect(code, command).toBe(2);
    expect(error, command).toContain("/opt/nowhere");
  }
});
