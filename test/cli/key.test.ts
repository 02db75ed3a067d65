/** `tenon key`, `tenon push` and `tenon challenge` on a simulated machine: keys as files, and what a push refuses. */
import { expect, test } from "vitest";
import "../../src/cli/key.ts";
import "../../src/cli/challenge.ts";
import "../../src/cli/push.ts";
import "../../src/cache/index.ts";
import "../../src/cache/key-folder.ts";
import "../../src/report/cache-text.ts";
import "../../src/run/keys.ts";
import "../../src/run/challenge.ts";
import "../../src/run/push.ts";
import { readText } from "../../src/world/index.ts";
import { type Machine, type Ran, tenon, workspaceMachine } from "./tenon.ts";

const home = { HOME: "/home/u", TENON_STORE: "/home/u/store" };
const keys = "/home/u/.config/tenon/keys";

const on = (machine: Machine, line: string, more: Record<string, string> = {}): Promise<Ran> =>
  tenon(line, { ...home, ...more }, machine);

async function lineOf(machine: Machine, name: string): Promise<string> {
  await on(machine, `key new ${name}`);
  const { out } = await on(machine, "key");
  const lines = [...out.matchAll(/^ {2}"(.*)"$/gm)].map(([, line = ""]) => line);
  return lines.find((line) => line.startsWith(`${name} `)) ?? "";
}

function settings(machine: Machine, cache: string): void {
  machine.world.disk.removeFile("/w/tenon.toml");
  machine.world.disk.createFile(
    "/w/tenon.toml",
    `[workspace]\nprefix = "prefix"\nrecipes = "packages"\n[cache]\nurl = "/srv/cache"\n${cache}`,
  );
}

test("a key is made once, for its owner alone, and listed as the line for tenon.toml", async () => {
  const machine = workspaceMachine();
  expect((await on(machine, "key")).out).toContain("no keys in");
  const made = await on(machine, "key new ci --days 10");
  expect(made.out).toContain("until 2024-01-11");
  expect(machine.world.disk.status(`${keys}/ci.key`)?.mode).toBe(0o600);
  const secret = readText(machine.world.disk, `${keys}/ci.key`);
  expect(secret).toMatch(/^secret ci 2024-01-11 /);
  const listed = await on(machine, "key");
  expect(listed.out).toMatch(/"ci 2024-01-11 [A-Za-z0-9+/]{43}="/);
  expect(listed.out).not.toContain(secret.trim().split(" ").at(-1));
  expect(await on(machine, "key new ci")).toMatchObject({ code: 2 });
  expect(await on(machine, "key new ../ci")).toMatchObject({ code: 2 });
  expect(await on(machine, "key old ci")).toMatchObject({ code: 2 });
  expect((await on(machine, "key --json")).out).toContain('"line":"ci 2024-01-11');
});

test("a secret key that others can read is not used", async () => {
  const machine = workspaceMachine();
  await on(machine, "key new ci");
  machine.world.disk.setMode(`${keys}/ci.key`, 0o644);
  const { code, error } = await on(machine, "key");
  expect({ code, error }).toMatchObject({ code: 4, error: expect.stringContaining("chmod 600") });
});

test("a push says what it lacks", async () => {
  const machine = workspaceMachine();
  expect((await on(machine, "push -C /w")).error).toContain("names no shared cache");
  settings(machine, "require = 0\n");
  expect((await on(machine, "push -C /w")).error).toContain("the cache is read-only");
  const line = await lineOf(machine, "team");
  settings(machine, `push = "/srv/cache"\nkeys = ["${line}"]\n`);
  const other = { ...home, HOME: "/home/v" };
  expect((await on(machine, "push -C /w", other)).error).toContain("there is no key to sign with");
  await on(machine, "key new mine", other);
  expect((await on(machine, "push -C /w", other)).error).toContain("no key of yours is among");
  expect((await on(machine, "push -C /w --key x")).error).toContain('no key "x"');
  const bad = { TENON_KEY: "secret ci" };
  expect((await on(machine, "push -C /w", bad)).error).toContain("TENON_KEY has no secret key");
});

test("what was built without views is not shared", async () => {
  const machine = workspaceMachine();
  const line = await lineOf(machine, "team");
  settings(machine, `push = "/srv/cache"\nkeys = ["${line}"]\n`);
  const { code, error } = await on(machine, "push -C /w");
  expect({ code, error }).toMatchObject({
    code: 4,
    error: expect.stringContaining("without views"),
  });
});

test("a key that has ended signs nothing", async () => {
  const machine = workspaceMachine();
  await on(machine, "key new old --days 0");
  const { out } = await on(machine, "key");
  const [, line = ""] = /"(.*)"/.exec(out) ?? [];
  settings(machine, `push = "/srv/cache"\nkeys = ["${line}"]\n`);
  machine.world.clock.sleep(2 * 24 * 60 * 60 * 1000);
  expect((await on(machine, "push -C /w")).error).toContain("has ended on 2024-01-01");
  expect((await on(machine, "key")).out).toContain("ended on");
});

test.each([
  ["", "cache has no url"],
  ['url = "ftp://x"\n', "is not a place for a cache"],
  ['url = "/c"\n', "cache lists no keys"],
  ['url = "/c"\nkeys = ["x"]\n', "is not a public key"],
  ['url = "/c"\nrequire = -1\n', "cache.require is -1"],
  ['url = "/c"\nrequire = 2\nkeys = []\n', "cache lists no keys"],
  ['url = "https://x"\npush = "https://x"\nrequire = 0\n', "to which nothing can be pushed"],
])("what is wrong in [cache] is said with its place: %j", async (cache, message) => {
  const machine = workspaceMachine();
  machine.world.disk.removeFile("/w/tenon.toml");
  machine.world.disk.createFile("/w/tenon.toml", `[workspace]\nprefix = "p"\n[cache]\n${cache}`);
  const { code, error } = await on(machine, "why -C /w");
  expect({ code, error }).toMatchObject({ code: 2, error: expect.stringContaining(message) });
  expect(error).toContain("tenon.toml");
});

test("a challenge needs a cache, and finds nothing to compare where nobody has pushed", async () => {
  const machine = workspaceMachine();
  expect((await on(machine, "challenge -C /w")).error).toContain("names no shared cache");
  settings(machine, `keys = ["${await lineOf(machine, "team")}"]\n`);
  const { code, out } = await on(machine, "challenge -C /w");
  expect({ code, out }).toMatchObject({
    code: 0,
    out: expect.stringContaining("0 packages compared"),
  });
});
