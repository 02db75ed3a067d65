/** `tenon build` from nothing, and what the other commands then say of the prefix. */
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { placeholder } from "../../src/relocation/index.ts";
import { program } from "./program.ts";
import { stack, stackPackages, tallied, withGong } from "./stack.ts";
import {
  eventsOf,
  linesOf,
  noView,
  openWorkshop,
  runInstalled,
  skippedWord,
  type Workshop,
} from "./workshop.ts";

let shop: Workshop;
beforeAll(() => {
  shop = openWorkshop(stack);
  shop.write(withGong(shop.workspace));
});
afterAll(() => shop.dispose());

/** Of all tests here, which look at what came out. */
let built: Promise<void> | undefined;

async function buildFromNothing(): Promise<void> {
  const ended = await shop.run(["build"]);
  expect(ended).toMatchObject({ code: 0 });
  expect(ended.stdout).toMatch(
    /^done: 8 packages built, 8 changed in the prefix \([\d.]+ m?s\)\n$/,
  );
  expect(ended.stderr).toMatch(/joined 8 packages \(\d+ files, [\d.]+ kB\) in one transaction/);
  expect(shop.transactions()).toHaveLength(1);
  expect(shop.tally().sort()).toEqual(tallied);
}

describe.skipIf(noView !== undefined)(`the stack is built from nothing${skippedWord}`, () => {
  beforeAll(() => (built ??= buildFromNothing()));

  test("what was built runs at its final place", () => {
    const { prefix } = shop;
    expect(runInstalled(`${prefix}/bin/ringer`)).toBe("ding\nding\nding\n");
    expect(runInstalled(`${prefix}/bin/gong`)).toBe("GONG\n");
    expect(runInstalled(`${prefix}/bin/chime`)).toBe("chime\n");
    const ring = "import pybell; print(pybell.ring())";
    expect(runInstalled(`${prefix}/bin/python`, "-c", ring)).toBe("ding ding ding\n");
  });

  test("a second build has nothing to do", async () => {
    const before = shop.tree();
    const ended = await shop.run(["build"]);
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    expect(ended.stdout).toMatch(/^nothing to do: 8 packages up to date \([\d.]+ m?s\)\n$/);
    expect(shop.tally()).toHaveLength(tallied.length);
    expect(shop.transactions()).toHaveLength(1);
    expect(shop.tree()).toEqual(before);
  });

  test("a reader that goes away is no error", () => {
    const { status, stdout, stderr } = spawnSync(
      "bash",
      ["-o", "pipefail", "-c", '"$@" | head -1', "sh", process.execPath, program, "list"],
      { cwd: shop.workspace, encoding: "utf8", env: { ...process.env, TENON_STORE: shop.store } },
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(linesOf(stdout)).toHaveLength(1);
  });

  test("-C before and after the command", async () => {
    const elsewhere = { directory: shop.root };
    const expected = { code: 0, stderr: "" };
    expect(await shop.run(["-C", "workspace", "build"], elsewhere)).toMatchObject(expected);
    expect(await shop.run(["build", "-C", shop.workspace], elsewhere)).toMatchObject(expected);
    expect(await shop.run(["build"], { directory: `${shop.workspace}/libbell` })).toMatchObject(
      expected,
    );
    const lost = await shop.run(["build"], elsewhere);
    expect(lost).toMatchObject({ code: 2, stdout: "" });
    expect(lost.stderr).toContain(`there is no tenon.toml in ${shop.root} or above it`);
  });
});

describe.skipIf(noView !== undefined)(`the other commands on what was built${skippedWord}`, () => {
  beforeAll(() => (built ??= buildFromNothing()));

  test("list", async () => {
    const [title, ...rows] = linesOf(await shop.must("list"));
    expect(title).toMatch(/^package +version +files +size +build time$/);
    expect(rows.map((row) => row.split(/ +/)[0])).toEqual([...stackPackages]);
    const facts = linesOf(await shop.must("list", "--json")).map((line) => JSON.parse(line));
    expect(facts.map(({ name }) => name)).toEqual([...stackPackages]);
    expect(facts.find(({ name }) => name === "libbell")).toMatchObject({
      version: "1.0",
      files: 3,
    });
  });

  test("files and owner", async () => {
    expect(linesOf(await shop.must("files", "libbell"))).toEqual([
      "include/bell.h",
      "lib/libbell.so",
      "lib/libbell.so.1",
    ]);
    expect(await shop.must("owner", "include/bell.h")).toBe("include/bell.h: libbell\n");
    expect(await shop.must("owner", `${shop.prefix}/bin/gong`)).toBe("bin/gong: gong\n");
    expect(await shop.run(["owner", "bin/none"])).toMatchObject({
      code: 1,
      stdout: "bin/none: there is no such file\n",
    });
    expect(await shop.run(["owner", "/etc/passwd"])).toMatchObject({ code: 2, stdout: "" });
    expect(await shop.run(["files", "libbel"])).toMatchObject({
      code: 2,
      stderr: `error: libbel is not installed in ${shop.prefix}\n  hint: Did you mean libbell?\n`,
    });
  });

  test("graph", async () => {
    const lines = linesOf(await shop.must("graph", "ringer"));
    expect(lines).toEqual(["libbell 1.0", "ringer 1.0 ← libbell (run)"]);
    const dot = await shop.must("graph", "--dot");
    expect(dot).toContain('  "pybell" -> "libbell";\n');
    expect(dot).toContain('  "pybell" -> "tinybuild" [style=dashed];\n');
    expect(dot).toMatch(/^digraph tenon \{\n[^]*\n\}\n$/);
    expect(JSON.parse(await shop.must("graph", "--json")).edges).toContainEqual({
      from: "ringer",
      to: "libbell",
      kind: "run",
    });
  });

  test("log", async () => {
    const log = await shop.must("log", "ringer");
    expect(log).toContain("./configure --prefix=");
    expect(log).toContain("-lbell");
    const files = linesOf(await shop.must("log", "--path", "ringer"));
    const names = files.map((file) => file.split("/").slice(-2).join("/"));
    expect(names).toEqual([
      "ringer/1-source.log",
      "ringer/2-configure.log",
      "ringer/3-build.log",
      "ringer/4-install.log",
      "ringer/5-stage.log",
    ]);
    const raw = files.map((file) => fs.readFileSync(file, "utf8"));
    expect(raw[2]).toContain(`-rpath,${placeholder}/lib`);
    const texts = raw.map((text) => text.replaceAll(placeholder, "$PREFIX"));
    expect(texts.join("")).toBe(log);
    expect(await shop.must("log", "--step", "build", "ringer")).toBe(texts[2]);
    expect(texts[2]).toMatch(
      /\n== ringer: build: exit code 0, .* wall, .* user, .* system, .* MB at most\n$/,
    );
    const none = await shop.run(["log", "--step", "biuld", "ringer"]);
    expect(none).toMatchObject({ code: 2, stdout: "" });
    expect(none.stderr).toContain("Did you mean build?");
  });

  test("verify", async () => {
    expect(await shop.must("verify")).toMatch(/^ok: \d+ files of 8 packages as recorded\n$/);
    expect(await shop.must("verify", "libbell")).toBe("ok: 3 files of 1 package as recorded\n");
  });
});

describe("how it speaks", () => {
  let small: Workshop;
  beforeAll(() => {
    small = openWorkshop({
      "packages/one.toml": script("one", 'mkdir -p "$D/share" && echo 1 >"$D/share/one"'),
      "packages/two.toml": script("two", 'mkdir -p "$D/share" && echo 2 >"$D/share/two"'),
    });
  });
  afterAll(() => small.dispose());

  test("--dry-run changes nothing and says what would be built", async () => {
    const ended = await small.run(["build", "--dry-run", "-j2"]);
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    expect(linesOf(ended.stdout)).toEqual([
      "build       one 1 (perhaps 15 s)",
      "build       two 1 (perhaps 15 s)",
      "critical path: 15 s: one",
      "work: 30 s; with -j2 at least 15 s",
      "estimate: 15 s; 2 durations guessed",
    ]);
    expect(small.tree()).toEqual({});
    expect(fs.existsSync(small.prefix)).toBe(false);
    expect(small.tally()).toEqual([]);
  });

  test("--json: each line is an event of a known kind, the last one the result", async () => {
    const ended = await small.run(["build", "--json", "two"]);
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    const events = eventsOf(ended.stdout);
    expect(events.slice(0, -1).every(({ atMs }) => typeof atMs === "number")).toBe(true);
    const kinds = events.map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind !== "isolation")).toEqual([
      "opened",
      "run-started",
      "graph",
      "tokens",
      "build-started",
      ...["source", "script", "stage"].flatMap(() => ["step-started", "step-finished"]),
      "build-finished",
      "prefix-changed",
      "run-finished",
      "result",
    ]);
    expect(events[0]).toMatchObject({ format: 1, arguments: ["build", "--json", "two"] });
    const run = events.find(({ kind }) => kind === "run-started")?.["run"];
    const file = `${small.workspace}/.tenon/runs/${String(run)}/events.jsonl`;
    expect(eventsOf(fs.readFileSync(file, "utf8"))).toEqual(events.slice(0, -1));
    expect(events.at(-1)).toMatchObject({ result: { kind: "done", built: 1, changed: ["two"] } });
  });

  test("no escape codes where nobody looks on, or with NO_COLOR", async () => {
    const plain = await small.run(["build", "one"]);
    expect(plain.stdout + plain.stderr).not.toContain("\u001B");
    const forced = await small.run(["verify"], { environment: { FORCE_COLOR: "1" } });
    expect(forced.stdout).toContain("\u001B");
    const none = { FORCE_COLOR: "1", NO_COLOR: "1" };
    expect((await small.run(["verify"], { environment: none })).stdout).not.toContain("\u001B");
  });

  test("--help and --version answer on stdout", async () => {
    expect(await small.must("--version")).toMatch(/^\d+\.\d+\.\d+\n$/);
    const help = await small.must("--help");
    expect(help).toContain("Build what is out of date, then change the prefix");
    expect(await small.must()).toBe(help);
  });

  test.each([
    [["bild"], /bild[^]*build/],
    [["build", "--job", "2"], /--job\b[^]*--jobs/],
    [["build", "-j0"], /^error: -j takes a whole number from 1/],
    [["remove"], /PACKAGE/],
  ])("wrong usage ends with exit code 2: %j", async (args, message) => {
    const ended = await small.run(args);
    expect(ended).toMatchObject({ code: 2, stdout: "" });
    expect(ended.stderr).toMatch(message);
  });
});

function script(name: string, text: string): string {
  return `name = "${name}"
version = "1"
build.script = '''
D="$DESTDIR$PREFIX"
${text}
echo ${name} >>"$TALLY"
'''
`;
}
