/** `tenon prove`: what depends on the path it was built at is found, however it does. */
import * as fs from "node:fs";
import { afterEach, expect, test } from "vitest";
import { hasProgram } from "../builder/site.ts";
import { openWorkshop, runInstalled, type Workshop } from "./workshop.ts";

const shops: Workshop[] = [];
afterEach(() => shops.splice(0).forEach((shop) => shop.dispose()));

function open(recipes: Readonly<Record<string, string>>): Workshop {
  const files = Object.entries(recipes).map(([name, text]) => [
    `packages/${name}.toml`,
    `name = "${name}"\nversion = "1"\nbuild.system = "script"\n${text}`,
  ]);
  const shop = openWorkshop(Object.fromEntries(files));
  shops.push(shop);
  shop.write({ "tenon.toml": `[workspace]\nprefix = "${shop.prefix}"\n` });
  return shop;
}

const canRun = hasProgram("cc");

/** A program that names a file, a script, and what is compressed. */
const good = `build.script = '''
mkdir -p "$PREFIX/bin" "$PREFIX/share"
echo hello > "$PREFIX/share/words"
printf '#include <stdio.h>\\nint main(void) { FILE *f = fopen("%s/share/words", "r"); return !f; }\\n' "$PREFIX" > a.c
cc -O2 -Wl,--build-id -o "$PREFIX/bin/a" a.c
echo "see $PREFIX" | gzip -n > "$PREFIX/share/see.gz"
'''
check.script = 'a'
`;
const hashed = `build.script = '''
mkdir -p "$PREFIX/share"
echo "$PREFIX" | sha256sum > "$PREFIX/share/hash"
'''
`;
/** Cuts its own path behind the length that the prefix had. */
const lengthy = `build.script = '''
mkdir -p "$PREFIX/bin"
cat > a.c <<END
#include <string.h>
#include <unistd.h>
int main(void) {
  char self[500] = {0};
  readlink("/proc/self/exe", self, sizeof self - 1);
  return strcmp(self + sizeof "$PREFIX" - 1, "/bin/lengthy") != 0;
}
END
cc -o "$PREFIX/bin/lengthy" a.c
'''
check.script = 'lengthy'
`;
/** No two builds are the same, the path is written in a way of its own, and who does not find the file goes on. */
const opener = `build.script = '''
mkdir -p "$PREFIX/bin" "$PREFIX/etc"
echo x > "$PREFIX/etc/opener"
path=$(printf %s "$PREFIX/etc/opener" | od -An -v -to1 | tr -d '\\n' | sed 's/ /\\\\\\\\/g')
printf '#!/bin/sh\\n# %s\\ncat "$(printf "%s")" || echo fallback\\n' "$(head -c 9 /dev/urandom | base64)" "$path" > "$PREFIX/bin/opener"
chmod 755 "$PREFIX/bin/opener"
'''
check.script = 'opener'
`;

async function prove(shop: Workshop, ...args: string[]) {
  const { code, stdout } = await shop.run(["prove", "--json", ...args]);
  const results = stdout.trim().split("\n").filter(Boolean);
  return { code, results: results.map((line) => JSON.parse(line)) };
}

test.skipIf(!canRun)("what the maps tell is all that depends on the path (needs cc)", async () => {
  const shop = open({ good });
  expect(await shop.run(["prove"])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("Run `tenon build good` first."),
  });
  await shop.must("build");
  const said = hasProgram("strace") ? "passed" : "unwatched";
  const verdict = { kind: "proved", buildIds: 1, check: said };
  expect(await prove(shop)).toMatchObject({
    code: 0,
    results: [{ package: "good", version: "1", result: { ...verdict, isNew: true } }],
  });
  expect((await prove(shop)).results).toMatchObject([{ result: { ...verdict, isNew: false } }]);
  expect(await shop.must("why")).toContain("it is proved to work at any prefix");
  expect(await shop.must("build")).toContain("nothing to do");
  expect(fs.readdirSync(`${shop.store}/scratch`)).toEqual([]);
});

test("a hash of the path: found, and built for each prefix from then on", async () => {
  const shop = open({ hashed });
  await shop.must("build");
  const first = fs.readFileSync(`${shop.prefix}/share/hash`, "utf8");
  const pins = [{ path: "share/hash", where: "text" }];
  expect(await prove(shop)).toMatchObject({
    code: 1,
    results: [{ result: { kind: "pinned", isNew: true, pins } }],
  });
  expect(await shop.must("why", "hashed")).toContain("will be built for this prefix alone");
  expect(await shop.must("build")).toContain("1 package built");
  expect(fs.readFileSync(`${shop.prefix}/share/hash`, "utf8")).not.toBe(first);
  expect(await shop.must("list", "--pinned")).toContain(
    "share/hash has content that depends on the prefix's path (text, at byte ",
  );
  expect(await prove(shop)).toMatchObject({ code: 0, results: [{ result: { isNew: false } }] });
  expect(await shop.must("build")).toContain("nothing to do");
});

test.skipIf(!canRun)(
  "what depends on the length fails its check elsewhere (needs cc)",
  async () => {
    const shop = open({ lengthy });
    await shop.must("build");
    const where = expect.stringContaining("exit code 1");
    expect(await prove(shop)).toMatchObject({
      code: 1,
      results: [{ result: { kind: "pinned", pins: [{ path: "its check", where }] } }],
    });
    await shop.must("build", "--check");
    expect(runInstalled(`${shop.prefix}/bin/lengthy`)).toBe("");
  },
);

test.skipIf(!hasProgram("strace"))(
  "a look at the old path, by what goes on without (needs strace)",
  async () => {
    const shop = open({ opener });
    await shop.must("build");
    const where = expect.stringContaining("$PREFIX/etc/opener");
    expect(await prove(shop)).toMatchObject({
      code: 1,
      results: [{ result: { kind: "pinned", pins: [{ path: "its check", where }] } }],
    });
    await shop.must("build");
    expect(runInstalled(`${shop.prefix}/bin/opener`)).toBe("x\n");
  },
);

test("what no two builds make alike is said to be so; what is bound by its recipe is not built", async () => {
  const random = `build.script = 'mkdir -p "$PREFIX/share"; head -c 30 /dev/urandom >"$PREFIX/share/x"'\n`;
  const bound = `build.relocatable = false\nbuild.script = 'mkdir -p "$PREFIX/share"; echo "$PREFIX" >"$PREFIX/share/y"'\n`;
  const shop = open({ random, bound });
  await shop.must("build");
  const ended = await shop.run(["prove"]);
  expect(ended.code).toBe(1);
  expect(ended.stdout).toContain("random 1: not reproducible");
  expect(ended.stdout).toContain(
    "share/x has content that is another in each build (data, at byte 0)",
  );
  expect(ended.stdout).toContain("bound 1: built at the prefix's own path");
});
