/** `tenon install`, and what a prefix offers afterwards: history, rollback, gc, recover, repair. */
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { wheelOf } from "../wheel/wheel-writer.ts";
import { readTree } from "./trees.ts";
import { type Files, linesOf, openWorkshop, type Workshop, writeFiles } from "./workshop.ts";

let shop: Workshop;
beforeEach(() => {
  shop = openWorkshop({});
});
afterEach(() => shop.dispose());

const site = "lib/python3/site-packages";

/** Arguments that install a staged tree, which is written first. */
function staged(name: string, version: string, files: Files, folder = shop.root): string[] {
  const stage = `${folder}/stage-${name}-${version}`;
  writeFiles(stage, files);
  return ["install", "--name", name, "--version", version, "--stage", stage];
}

function stageOf(args: readonly string[]): string {
  return args.at(-1) ?? "";
}

describe("a staged tree", () => {
  test("is handed over, and joined by many processes at once", async () => {
    const numbers = Array.from({ length: 8 }, (_value, index) => index);
    const commands = numbers.map((number) =>
      staged(`p${number}`, "1", {
        [`${site}/shared/p${number}.py`]: `x = ${number}\n`,
        [`share/p${number}/a b\n`]: "strange",
        [`bin/p${number}`]: { text: "#!/bin/sh\n", mode: 0o755 },
      }),
    );
    const ended = await Promise.all(commands.map((args) => shop.run(args)));
    expect(ended.map(({ code, stderr }) => (code === 0 ? 0 : stderr))).toEqual(
      numbers.map(() => 0),
    );
    for (const args of commands) expect(fs.existsSync(stageOf(args))).toBe(false);
    expect(await shop.must("verify")).toMatch(/^ok: 24 files of 8 packages/);
    expect(shop.transactions()).toHaveLength(8);
  });

  test("of another file system is copied; --keep-stage leaves it", async () => {
    const elsewhere = fs.mkdtempSync("/dev/shm/tenon-stage-");
    try {
      const moved = staged("a", "1", { "share/a": "a" }, elsewhere);
      const kept = staged("b", "1", { "share/b": "b" });
      await shop.must(...moved);
      await shop.must(...kept, "--keep-stage");
      expect(fs.existsSync(stageOf(moved))).toBe(false);
      expect(fs.existsSync(`${stageOf(kept)}/share/b`)).toBe(true);
      expect(fs.statSync(`${shop.prefix}/share/b`).nlink).toBe(1);
      expect(await shop.must("verify")).toMatch(/^ok: 2 files/);
    } finally {
      fs.rmSync(elsewhere, { recursive: true });
    }
  });

  test("that is refused stays as it was, by-products and all", async () => {
    await shop.must(...staged("a", "1", { "share/same": "a", [`${site}/a.py`]: "" }));
    const refused = staged("b", "1", {
      "share/same": "b",
      [`${site}/b.py`]: "",
      [`${site}/__pycache__/b.cpython-311.pyc`]: "",
    });
    const before = readTree(stageOf(refused));
    const prefix = shop.tree();
    const ended = await shop.run(refused);
    expect(ended).toMatchObject({ code: 3, stdout: "" });
    expect(linesOf(ended.stderr)).toEqual([
      "conflict: the prefix is unchanged",
      "  share/same comes with b, but belongs to a",
      "  hint: Add --replaces PATH to let this package take the path over, or leave the path out of the stage.",
    ]);
    expect(readTree(stageOf(refused))).toEqual(before);
    expect(fs.existsSync(`${stageOf(refused)}/${site}/__pycache__/b.cpython-311.pyc`)).toBe(true);
    expect(shop.tree()).toEqual(prefix);
    await shop.must(...refused, "--replaces", "share/same");
    expect(await shop.must("owner", "share/same")).toBe("share/same: b\n");
    expect(fs.existsSync(`${shop.prefix}/${site}/__pycache__`)).toBe(false);
  });

  test("has setuid files only where that is allowed", async () => {
    const args = staged("su", "1", { "bin/su": { text: "#!/bin/sh\n", mode: 0o4755 } });
    const ended = await shop.run(args);
    expect(ended).toMatchObject({ code: 2 });
    expect(ended.stderr).toContain('"bin/su" has the setuid bit set');
    await shop.must(...args, "--allow-setuid");
    expect(fs.statSync(`${shop.prefix}/bin/su`).mode & 0o7777).toBe(0o4755);
  });

  test.each([
    [["--name", "a", "--version", "1"], "a staged tree needs --name, --version and --stage"],
    [[], "there is nothing to install on the command line: name wheels (FILE.whl…)"],
    [["--name", "A", "--version", "1", "--stage", "."], 'the name "A" is not lower-case'],
    [["--name", "a", "--version", "1", "--stage", "nowhere"], "there is no stage "],
  ])("is asked for as it must be: %j", async (args, message) => {
    const ended = await shop.run(["install", ...args]);
    expect(ended).toMatchObject({ code: 2, stdout: "" });
    expect(ended.stderr).toContain(message);
  });
});

test("an upgrade keeps what a person changed, and rollback brings all back", async () => {
  await shop.must(...staged("a", "1", { "share/a/x": "1", "share/a/y": "1", "etc/a": "1" }));
  fs.writeFileSync(`${shop.prefix}/etc/a`, "mine");
  fs.writeFileSync(`${shop.prefix}/share/a/mine`, "mine");
  const before = shop.tree();
  const upgrade = await shop.run(staged("a", "2", { "share/a/x": "2", "etc/a": "2" }));
  expect(upgrade.stderr).toContain("/etc/a had been changed by hand and is kept as ");
  expect(fs.readFileSync(`${shop.prefix}/etc/a.tenon-save`, "utf8")).toBe("mine");
  expect(fs.existsSync(`${shop.prefix}/share/a/y`)).toBe(false);

  const history = linesOf(await shop.must("history"));
  expect(history.map((line) => line.replace(/^\S+ +/, "").replace(/ +/g, " "))).toEqual([
    "by kept changes",
    "tenon install yes a 1 → 2",
    "tenon install yes +a 1",
  ]);
  expect(await shop.must("rollback")).toMatch(/^rolled back 1 transaction: /);
  fs.rmSync(`${shop.prefix}/etc/a.tenon-save`);
  expect(shop.tree()).toEqual(before);
  expect(await shop.must("gc", "--keep", "1")).toMatch(/^removed what 2 transactions displaced/);
  await shop.must("rollback");
  expect(fs.readFileSync(`${shop.prefix}/share/a/x`, "utf8")).toBe("2");
  await shop.must("gc");
  const refused = await shop.run(["rollback"]);
  expect(refused).toMatchObject({ code: 2 });
  expect(refused.stderr).toContain("is not kept any more");
});

test("verify --repair puts back what the store or a displaced tree still has", async () => {
  shop.write({
    "packages/built.toml": `name = "built"
version = "1"
[build]
script = 'mkdir -p "$DESTDIR$PREFIX/share"; echo built >"$DESTDIR$PREFIX/share/built"'
`,
  });
  await shop.must("build");
  await shop.must(...staged("staged", "1", { "share/staged": "1" }));
  const before = shop.tree();
  fs.rmSync(`${shop.prefix}/share/built`);
  fs.chmodSync(`${shop.prefix}/share/staged`, 0o600);
  fs.appendFileSync(`${shop.prefix}/share/staged`, "2");
  const ended = await shop.run(["verify", "--repair"]);
  expect(ended).toMatchObject({ code: 1 });
  expect(linesOf(ended.stdout)).toEqual([
    "repaired share/built (built)",
    "lost share/staged: its content is nowhere on this machine; build or install staged again",
  ]);
  await shop.must(...staged("staged", "2", { "share/staged": "1" }));
  expect(await shop.must("verify", "built")).toMatch(/^ok: /);
  expect(shop.tree()["share/built"]).toBe(before["share/built"]);
});

test("recover says that there is nothing, and refuses a folder that is no prefix", async () => {
  await shop.must(...staged("a", "1", { "share/a": "a" }));
  expect(await shop.must("recover")).toBe("nothing to recover\n");
  const ended = await shop.run(["recover", "--prefix", `${shop.root}/nowhere`]);
  expect(ended).toMatchObject({ code: 2 });
});

test("wheels join together, offline, for the interpreter that runs them", async () => {
  const python = spawnSync("python3", ["-c", "import sys; print('%d.%d' % sys.version_info[:2])"]);
  const folder = `lib/python${String(python.stdout).trim()}/site-packages`;
  shop.write({
    "greet-1.0-py3-none-any.whl": wheelOf(),
    "greet-2.0-cp27-cp27m-linux.whl": wheelOf(),
  });
  const args = ["install", "greet-1.0-py3-none-any.whl"];
  expect(await shop.must(...args)).toBe("installed 1 package: greet 1.0\n");
  const asked = spawnSync("python3", ["-c", "import greet; print(greet.hello)"], {
    env: { ...process.env, PYTHONPATH: `${shop.prefix}/${folder}`, PYTHONDONTWRITEBYTECODE: "1" },
    encoding: "utf8",
  });
  expect(asked).toMatchObject({ stdout: "1\n", status: 0 });
  const before = shop.tree();
  const twice = await shop.run([...args, "greet-1.0-py3-none-any.whl"]);
  expect(twice).toMatchObject({ code: 2 });
  expect(twice.stderr).toContain("two wheels of the same project were given, greet");
  expect((await shop.run(["install", "greet-2.0-cp27-cp27m-linux.whl"])).code).not.toBe(0);
  expect(shop.tree()).toEqual(before);
});

test("what wheels need is told, before it is missed", async () => {
  const wheel = (name: string, ...lines: string[]): Record<string, Buffer> => ({
    [`${name}-1-py3-none-any.whl`]: wheelOf({
      distInfo: `${name}-1.dist-info`,
      metadata: ["Metadata-Version: 2.1", `Name: ${name}`, "Version: 1", ...lines, ""].join("\n"),
      files: { [`${name}.py`]: "" },
    }),
  });
  shop.write({
    ...wheel("a", "Requires-Dist: b", "Requires-Dist: c<1; python_version > '3'"),
    ...wheel("b", "Requires-Dist: d; sys_platform == 'win32'"),
    ...wheel("c"),
    ...wheel("future", "Requires-Python: >=4"),
  });
  const file = (name: string): string => `${name}-1-py3-none-any.whl`;
  const first = await shop.run(["install", file("a"), "--json"]);
  expect(first.stderr).toContain("note: a 1 needs b, which is not installed");
  expect(JSON.parse(first.stdout)).toMatchObject({
    unmet: [
      { package: "a", version: "1", requirement: "b" },
      { package: "a", version: "1", requirement: "c<1" },
    ],
  });
  const second = await shop.run(["install", file("b"), file("c")]);
  expect(second.stderr).toContain("note: a 1 needs c<1, and 1 is installed");
  expect(second.stderr).not.toContain("needs b");
  expect(second.stderr).not.toContain("needs d");

  const before = shop.tree();
  const refused = await shop.run(["install", file("future")]);
  expect(refused).toMatchObject({ code: 1, stdout: "" });
  expect(refused.stderr).toContain("future-1-py3-none-any.whl needs Python >=4, and this");
  expect(shop.tree()).toEqual(before);
  const skipped = await shop.run(["install", "--no-deps-check", file("future"), file("a")]);
  expect(skipped).toMatchObject({ code: 0 });
  expect(skipped.stderr).not.toContain("needs");
});
