/** A shared cache: built and signed by one, used by another with a prefix, a store and a home of his own. */
import * as fs from "node:fs";
import { afterEach, expect, test } from "vitest";
import { hasProgram } from "../builder/site.ts";
import { type Files, openWorkshop, runInstalled, type Workshop } from "./workshop.ts";

const shops: Workshop[] = [];
afterEach(() => shops.splice(0).forEach((shop) => shop.dispose()));

/** A program that names its prefix, and one that needs it. */
const teller: Files = {
  "packages/teller.toml": `name = "teller"
version = "1"
build.system = "script"
build.script = '''
mkdir -p "$DESTDIR$PREFIX/bin" "$DESTDIR$PREFIX/share"
echo hello from "$PREFIX" > "$DESTDIR$PREFIX/share/words"
printf '#!/bin/sh\\ncat "%s/share/words"\\n' "$PREFIX" > "$DESTDIR$PREFIX/bin/tell"
chmod 755 "$DESTDIR$PREFIX/bin/tell"
'''
check.script = 'tell'
`,
  "packages/user.toml": `name = "user"
version = "2"
depends.run = ["teller"]
build.system = "script"
build.script = 'mkdir -p "$DESTDIR$PREFIX/share"; tell | wc -w > "$DESTDIR$PREFIX/share/count"'
`,
};

const pinned: Files = {
  "packages/sealed.toml": `name = "sealed"
version = "1"
build.system = "script"
build.script = '''
mkdir -p "$DESTDIR$PREFIX/share"
printf '\\0%s' "$PREFIX" | gzip -n > "$DESTDIR$PREFIX/share/sealed.gz"
'''
`,
};

interface Team {
  readonly cache: string;
  open(files?: Files, settings?: string): Workshop;
  line: string;
}

/** Workshops that share nothing but the folder of the cache, and the key of the first. */
async function openTeam(): Promise<{ readonly first: Workshop; readonly team: Team }> {
  const first = openWorkshop(teller);
  shops.push(first);
  const cache = `${first.root}/cache`;
  await first.must("key", "new", "ci");
  const [, line = ""] = /^ {2}"(.*)"$/m.exec(await first.must("key")) ?? [];
  const settings = (shop: Workshop, more: string, key = line): void =>
    shop.write({
      "tenon.toml": `[workspace]\nprefix = "${shop.prefix}"\n\n[cache]\nurl = "${cache}"\nkeys = ["${key}"]\n${more}`,
    });
  settings(first, `push = "${cache}"\n`);
  const team: Team = {
    cache,
    line,
    open: (files = teller, more = "") => {
      const shop = openWorkshop(files);
      shops.push(shop);
      settings(shop, more);
      return shop;
    },
  };
  return { first, team };
}

test("what one has pushed, another takes, and builds nothing", async () => {
  const { first, team } = await openTeam();
  expect((await first.run(["build", "--check"])).stderr).toContain("has nothing of ci yet");
  expect(await first.must("push")).toContain("2 results pushed");
  expect(await first.must("push")).toContain("0 results pushed");

  const second = team.open();
  expect(await second.must("build", "-n")).toContain("from cache  teller 1");
  expect(await second.must("why", "user")).toContain(
    `the next build takes it from the cache ${team.cache}`,
  );
  const ended = await second.run(["build", "--check"]);
  expect(ended.stdout).toContain("0 packages built, 2 taken from the cache, 2 changed");
  expect(runInstalled(`${second.prefix}/bin/tell`)).toBe(`hello from ${second.prefix}\n`);
  expect(await second.must("verify")).toContain("2 packages traced to what ci signed");
  expect(await second.must("build")).toContain("nothing to do");
  const refused = await second.run(["push"]);
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining("read-only") });
});

test("without the cache, everything is built as ever", async () => {
  const { first, team } = await openTeam();
  await first.must("build");
  await first.must("push");
  const second = team.open();
  expect(await second.must("build", "--no-cache")).toContain("2 packages built");
  fs.rmSync(team.cache, { recursive: true });
  const third = team.open();
  expect(await third.must("build")).toContain("2 packages built");
});

test.skipIf(!hasProgram("gzip"))(
  "what is pinned is shared for its own prefix alone (needs gzip)",
  async () => {
    const { first, team } = await openTeam();
    first.write(pinned);
    await first.must("build");
    expect(await first.must("push")).toContain("4 results pushed");
    const second = team.open({ ...teller, ...pinned });
    expect(await second.must("build")).toContain("1 package built, 2 taken from the cache");
    const third = openWorkshop({ ...teller, ...pinned }, { prefix: first.prefix });
    shops.push(third);
    fs.rmSync(first.prefix, { recursive: true });
    third.write({
      "tenon.toml": fs
        .readFileSync(`${second.workspace}/tenon.toml`, "utf8")
        .replace(second.prefix, first.prefix),
    });
    expect(await third.must("build")).toContain("0 packages built, 3 taken from the cache");
  },
);

test("nothing that another key has signed is used", async () => {
  const { first, team } = await openTeam();
  await first.must("build");
  await first.must("push");
  const second = team.open();
  await second.must("key", "new", "other");
  const [, line = ""] = /^ {2}"(.*)"$/m.exec(await second.must("key")) ?? [];
  second.edit("tenon.toml", team.line, line);
  expect(await second.must("build")).toContain("2 packages built");
});

test("two builders that differ in one file are told apart, by file and byte", async () => {
  const { first, team } = await openTeam();
  first.edit("packages/user.toml", "tell | wc -w >", "date +%N >");
  await first.must("build");
  await first.must("push");
  const second = team.open(
    { ...teller, "packages/user.toml": fs.readFileSync(`${first.workspace}/packages/user.toml`) },
    "",
  );
  await second.must("build", "--no-cache");
  const ended = await second.run(["challenge"]);
  expect(ended.code).toBe(1);
  expect(ended.stdout).toContain("different user 2: this machine and ci built it differently");
  expect(ended.stdout).toMatch(/share\/count differs from byte \d+ on/);
  expect(ended.stdout).toContain("2 packages compared, 1 differ");
});
