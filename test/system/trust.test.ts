/** Prefixes and workspaces of others, and prefixes that may not be written, with the built program. */
import { spawn, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { program, start } from "./program.ts";
import { linesOf, openWorkshop, type Workshop, writeFiles } from "./workshop.ts";

const isRoot = process.getuid?.() === 0;
const [alice, bob] = [61_001, 61_002];

let shop: Workshop;
beforeEach(() => {
  shop = openWorkshop({});
  fs.chmodSync(shop.root, 0o755);
});
afterEach(() => shop.dispose());

async function install(name: string, prefix = shop.prefix): Promise<void> {
  const stage = `${shop.root}/stage-${name}`;
  writeFiles(stage, { [`share/${name}`]: name });
  const words = ["--name", name, "--version", "1", "--stage", stage, "--prefix", prefix];
  await shop.must("install", ...words);
}

/** The program, run by another user who has a home of his own. */
function as(user: number, ...args: string[]): { code: number | null; said: string } {
  const home = `${shop.root}/home-${user}`;
  fs.mkdirSync(home, { recursive: true });
  fs.chownSync(home, user, user);
  const ids = [`--reuid=${user}`, `--regid=${user}`, "--clear-groups"];
  const { status, stdout, stderr } = spawnSync(
    "setpriv",
    [...ids, process.execPath, program, ...args],
    { encoding: "utf8", cwd: home, env: { HOME: home, PATH: process.env["PATH"] ?? "" } },
  );
  return { code: status, said: stdout + stderr };
}

function give(folder: string, user: number): void {
  spawnSync("chown", ["-R", `${user}:${user}`, folder]);
}

describe.skipIf(!isRoot)("between users (skipped: only root can be several)", () => {
  test("another person's prefix is refused to all but the owner, until it is trusted", async () => {
    await install("a");
    expect(as(bob, "list", "--prefix", shop.prefix)).toMatchObject({ code: 0 });
    give(shop.prefix, alice);
    expect(as(alice, "list", "--prefix", shop.prefix)).toMatchObject({ code: 0 });
    const refused = as(bob, "list", "--prefix", shop.prefix);
    expect(refused).toMatchObject({ code: 4 });
    expect(refused.said).toContain(`--trust ${shop.prefix}`);
    const byRoot = await shop.run(["list", "--prefix", shop.prefix]);
    expect(byRoot.code).toBe(4);
    expect(as(bob, "list", "--prefix", shop.prefix, "--trust", shop.prefix)).toMatchObject({
      code: 0,
    });
    const configuration = `${shop.root}/home-${bob}/.config/tenon`;
    fs.mkdirSync(configuration, { recursive: true });
    fs.writeFileSync(`${configuration}/config.toml`, `trust = ["${shop.root}"]\n`);
    give(`${shop.root}/home-${bob}`, bob);
    expect(as(bob, "verify", "--prefix", shop.prefix)).toMatchObject({ code: 0 });
  });

  test("verify goes on after a file that it may not read", async () => {
    await install("a");
    await install("b");
    fs.chmodSync(`${shop.prefix}/share/a`, 0);
    fs.rmSync(`${shop.prefix}/share/b`);
    const { code, said } = as(bob, "verify", "--prefix", shop.prefix);
    expect({ code, lines: linesOf(said) }).toEqual({
      code: 1,
      lines: [
        "unreadable share/a (a): permission denied (EACCES)",
        "missing share/b (b)",
        "differs: 2 differences in 2 files of 2 packages",
      ],
    });
    give(shop.prefix, alice);
    const repair = as(alice, "verify", "--repair", "--prefix", shop.prefix);
    expect(repair.said).toMatch(/^lost share\/a: .+\nlost share\/b: /);
  });

  test("another person's workspace is refused before anything of it is run", () => {
    shop.write({
      "tenon.toml": '[workspace]\nprefix = "prefix"\n',
      "packages/a.toml":
        'name = "a"\nversion = "1"\n[build]\nsystem = "script"\nscript = "exit 1"\n',
    });
    give(shop.workspace, alice);
    for (const command of [["build"], ["graph"], ["list"], ["why"], ["report"]]) {
      const { code, said } = as(bob, ...command, "-C", shop.workspace);
      expect({ code, said }).toMatchObject({ code: 4, said: expect.stringContaining("belongs") });
    }
  });

  test("a reader cannot hold the lock of a prefix, nor of an older one", async () => {
    await install("a");
    const lock = `${shop.prefix}/var/lib/tenon/lock`;
    for (const mode of [0o600, 0o644]) {
      fs.chmodSync(lock, mode);
      const ids = [`--reuid=${bob}`, `--regid=${bob}`, "--clear-groups"];
      const reader = spawn("setpriv", [...ids, "flock", lock, "sleep", "60"], { stdio: "ignore" });
      try {
        await new Promise((resolve) => setTimeout(resolve, 500));
        await install(`b${mode}`);
        expect(fs.statSync(lock).mode & 0o777).toBe(0o600);
      } finally {
        reader.kill("SIGKILL");
      }
    }
  });
});

test("what only looks works in a prefix that may not be written, and changes nothing", async () => {
  await install("a");
  fs.rmSync(`${shop.prefix}/var/lib/tenon/index`, { recursive: true, force: true });
  const before = shop.tree();
  const times = fs.statSync(`${shop.prefix}/var/lib/tenon`).mtimeMs;
  for (const args of [["list"], ["files", "a"], ["owner", "share/a"], ["history"], ["verify"]]) {
    const command = [...args, "--prefix", shop.prefix];
    const { code, said } = isRoot
      ? as(bob, ...command)
      : { ...(await shop.run(command)), said: "" };
    expect({ args, code, said }).toMatchObject({ code: 0 });
  }
  expect(shop.tree()).toEqual(before);
  expect(fs.statSync(`${shop.prefix}/var/lib/tenon`).mtimeMs).toBe(times);
});

describe("a prefix out of an archive", () => {
  test("moves none of its files to where its origin.json says", async () => {
    const target = `${shop.root}/home/.config/deep/autostart.sh`;
    const folder = `${shop.prefix}/var/lib/tenon/tx/20240101T000000Z-0123456789abcdef`;
    writeFiles(folder, { new: "theirs\n", "origin.json": JSON.stringify({ stage: target }) });
    writeFiles(`${shop.prefix}/var/lib/tenon`, { "history/x": "", "packages/x": "" });
    for (const args of [["list"], ["recover"], ["gc"], ["verify"]]) {
      expect((await shop.run([...args, "--prefix", shop.prefix])).code).toBe(0);
    }
    await install("a");
    expect(fs.existsSync(`${shop.root}/home/.config`)).toBe(false);
    expect(fs.readFileSync(`${folder}/new`, "utf8")).toBe("theirs\n");
  });

  test.each(["lock", "journal.json", "packages", "history", "tx"])(
    "whose %s leads elsewhere is refused with a cure, and nothing there is changed",
    async (name) => {
      const elsewhere = `${shop.root}/precious`;
      writeFiles(elsewhere, { a: "IMPORTANT", "b.json": "IMPORTANT" });
      const isFile = name === "lock" || name === "journal.json";
      const state = `${shop.prefix}/var/lib/tenon`;
      fs.mkdirSync(state, { recursive: true });
      fs.symlinkSync(isFile ? `${elsewhere}/a` : elsewhere, `${state}/${name}`);
      const stage = `${shop.root}/stage`;
      writeFiles(stage, { "share/x": "x" });
      const words = ["--name", "x", "--version", "1", "--stage", stage, "--prefix", shop.prefix];
      const refused = await shop.run(["install", ...words]);
      expect({ ...refused }).toMatchObject({ code: 4 });
      const cure = /`(mv .+ .+)`/.exec(refused.stderr)?.[1] ?? "";
      expect(spawnSync("sh", ["-c", cure]).status).toBe(0);
      await shop.must("install", ...words);
      expect(fs.readdirSync(elsewhere)).toEqual(["a", "b.json"]);
      expect(fs.readFileSync(`${elsewhere}/a`, "utf8")).toBe("IMPORTANT");
    },
  );

  test("whose state waits for nothing: a pipe is no lock and no journal", async () => {
    const state = `${shop.prefix}/var/lib/tenon`;
    fs.mkdirSync(state, { recursive: true });
    for (const name of ["lock", "journal.json"]) {
      spawnSync("mkfifo", [`${state}/${name}`]);
      expect((await shop.run(["recover", "--prefix", shop.prefix])).code).toBe(4);
      fs.rmSync(`${state}/${name}`);
    }
  });
});

describe("what Node has compiled of the program", () => {
  /** A Node of any version that says which folder it was told. */
  const telling = `data:text/javascript,import module from "node:module"; module.enableCompileCache = (folder) => process.stderr.write("compiled in " + folder + "\\n");`;
  const toldBy = async (environment: Readonly<Record<string, string>>): Promise<string> => {
    const options = { directory: shop.root, environment, node: ["--import", telling] };
    return (await start(["--version"], options).ended).stderr;
  };

  test("is kept in the caller's cache folder, and in no store", async () => {
    const home = `${shop.root}/home`;
    fs.mkdirSync(home, { mode: 0o755 });
    const told = await toldBy({ HOME: home, TENON_STORE: `${shop.root}/store` });
    expect(told).toBe(`compiled in ${home}/.cache/tenon/compiled\n`);
    expect(await toldBy({ TENON_STORE: `${shop.root}/store` })).toBe("");
  });

  test("is not read where others can write", async () => {
    const home = `${shop.root}/home`;
    fs.mkdirSync(`${home}/.cache/tenon/compiled`, { recursive: true });
    fs.chmodSync(`${home}/.cache`, 0o777);
    expect(await toldBy({ HOME: home })).toBe("");
  });
});
