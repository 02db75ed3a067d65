/** Built once, put anywhere: a second prefix takes what the first one's build has made, and its files name the second. */
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { afterEach, expect, test } from "vitest";
import { hasProgram } from "../builder/site.ts";
import { placeholder } from "../../src/relocation/index.ts";
import { type Files, openWorkshop, runInstalled, type Workshop } from "./workshop.ts";

const shops: Workshop[] = [];
afterEach(() => shops.splice(0).forEach((shop) => shop.dispose()));

/** With the store of the first. */
function open(files: Files, prefixName?: string): Workshop {
  const [first] = shops;
  const prefix =
    prefixName === undefined || first === undefined
      ? {}
      : { prefix: `${first.root}/${prefixName}` };
  const shop = openWorkshop(files, first === undefined ? {} : { store: first.store, ...prefix });
  shops.push(shop);
  shop.write({ "tenon.toml": `[workspace]\nprefix = "${shop.prefix}"\n` });
  return shop;
}

/** A program that reads a file of its own, by a path that is compiled into it and copied in pieces; and a script. */
const teller: Files = {
  "packages/teller.toml": `name = "teller"
version = "1"
build.system = "script"
build.script = '''
mkdir -p "$DESTDIR$PREFIX/bin" "$DESTDIR$PREFIX/share/teller"
echo hello from "$PREFIX" > "$DESTDIR$PREFIX/share/teller/words"
cat > teller.c <<END
#include <stdio.h>
#include <string.h>
int main(void) {
  char path[200], line[200];
  strcpy(path, "$PREFIX/share/teller/words");
  FILE *file = fopen(path, "r");
  if (!file || !fgets(line, sizeof line, file)) return 1;
  fputs(line, stdout);
  return 0;
}
END
cc -O2 -o "$DESTDIR$PREFIX/bin/teller" teller.c
printf '#!/bin/sh\\nexec "%s/bin/teller"\\n' "$PREFIX" > "$DESTDIR$PREFIX/bin/tell"
chmod 755 "$DESTDIR$PREFIX/bin/tell"
'''
check.script = 'test "$(tell)" = "hello from $PREFIX"'
`,
};

/** Its file is compressed in a way that only its maker could do again. */
const sealed: Files = {
  "packages/sealed.toml": `name = "sealed"
version = "1"
depends.run = ["teller"]
build.system = "script"
build.script = '''
mkdir -p "$DESTDIR$PREFIX/share"
teller > said
printf '\\0%s' "$PREFIX" | cat said - | gzip -n > "$DESTDIR$PREFIX/share/sealed.gz"
'''
`,
};

const canRun = hasProgram("cc");

test.skipIf(!canRun)("a second prefix, longer or shorter (needs cc)", async () => {
  const first = open(teller);
  expect(await first.must("build", "--check")).toContain("1 package built");
  const said = (prefix: string): string[] =>
    [`${prefix}/bin/teller`, `${prefix}/bin/tell`].map((program) => runInstalled(program));
  expect(said(first.prefix)).toEqual(
    Array.from({ length: 2 }, () => `hello from ${first.prefix}\n`),
  );
  for (const name of ["p", "a-much-longer/name"]) {
    const second = open(teller, name);
    expect(await second.must("build", "--check")).toContain("0 packages built");
    expect(said(second.prefix)).toEqual(
      Array.from({ length: 2 }, () => `hello from ${second.prefix}\n`),
    );
    expect(await second.must("verify")).toContain("ok: ");
    const named = ["-e", placeholder, "-e", `${first.prefix}/`];
    expect(spawnSync("grep", ["-rl", ...named, second.prefix]).stdout.toString()).toBe("");
  }
});

test.skipIf(!canRun)(
  "what is relocated is repaired, and verified against the artifact (needs cc)",
  async () => {
    const shop = open(teller);
    await shop.must("build");
    const words = `${shop.prefix}/share/teller/words`;
    fs.rmSync(`${shop.store}/relocated`, { recursive: true });
    fs.rmSync(words);
    fs.writeFileSync(words, "other\n");
    expect(await shop.run(["verify"])).toMatchObject({
      code: 1,
      stdout: expect.stringContaining("changed share/teller/words"),
    });
    await shop.must("verify", "--repair");
    expect(fs.readFileSync(words, "utf8")).toBe(`hello from ${shop.prefix}\n`);

    // Who changes the file and its record alike is found out all the same.
    const record = `${shop.prefix}/var/lib/tenon/packages/teller.json`;
    const text = `hello from ${shop.prefix}!\n`;
    fs.rmSync(words);
    fs.writeFileSync(words, text);
    const sha256 = spawnSync("sha256sum", [words]).stdout.toString().slice(0, 64);
    fs.writeFileSync(
      record,
      fs
        .readFileSync(record, "utf8")
        .replace(
          /(\["f","share\/teller\/words","0644"),\d+,"\w+"/,
          `$1,${text.length},"${sha256}"`,
        ),
    );
    expect(await shop.run(["verify"])).toMatchObject({
      code: 1,
      stdout: expect.stringContaining("untraced share/teller/words"),
    });
  },
);

test.skipIf(!canRun)(
  "a package that cannot be relocated is built for each prefix, and only that (needs cc)",
  async () => {
    const files = { ...teller, ...sealed };
    const first = open(files);
    const ended = await first.run(["build"]);
    expect(ended).toMatchObject({ code: 0, stdout: expect.stringContaining("2 packages built") });
    expect(ended.stderr).toContain(
      "sealed: it is built for this prefix alone: share/sealed.gz has the prefix's path in compressed data (gzip, at byte 0)",
    );
    const unpack = ({ prefix }: Workshop): string =>
      spawnSync("gzip", ["-dc", `${prefix}/share/sealed.gz`]).stdout.toString();
    expect(unpack(first)).toBe(`hello from ${first.prefix}\n\0${first.prefix}`);
    const second = open(files, "second");
    expect(await second.must("build")).toContain("1 package built");
    expect(unpack(second)).toBe(`hello from ${second.prefix}\n\0${second.prefix}`);
    expect(await second.must("build")).toContain("nothing to do");
  },
);

test("a recipe may ask for the prefix's own path", async () => {
  const files = {
    "packages/fixed.toml": `name = "fixed"
version = "1"
build.system = "script"
build.relocatable = false
build.script = 'mkdir -p "$DESTDIR$PREFIX/share"; echo "$PREFIX" > "$DESTDIR$PREFIX/share/fixed"'
`,
    "packages/user.toml": `name = "user"
version = "1"
depends.build = ["fixed"]
build.system = "script"
build.script = 'mkdir -p "$DESTDIR$PREFIX/share"; cat "$PREFIX/share/fixed" > "$DESTDIR$PREFIX/share/user"'
`,
  };
  const first = open(files);
  await first.must("build");
  expect(fs.readFileSync(`${first.prefix}/share/user`, "utf8")).toBe(`${first.prefix}\n`);
  const second = open(files, "second");
  expect(await second.must("build")).toContain("2 packages built");
  expect(fs.readFileSync(`${second.prefix}/share/user`, "utf8")).toBe(`${second.prefix}\n`);
});

test("links of both kinds, and a hole, at a second prefix", async () => {
  const files = {
    "packages/links.toml": `name = "links"
version = "1"
build.system = "script"
build.script = '''
mkdir -p "$PREFIX/share/d" "$PREFIX/bin"
printf '#!/bin/sh\\necho "%s"\\n' "$PREFIX" > "$PREFIX/bin/one"
chmod 755 "$PREFIX/bin/one"
ln "$PREFIX/bin/one" "$PREFIX/bin/two"
ln -s "$PREFIX/bin/one" "$PREFIX/share/d/absolute"
dd if=/dev/zero of="$PREFIX/share/hole" bs=1 count=0 seek=5000000 2>/dev/null
printf '%s/end' "$PREFIX" >> "$PREFIX/share/hole"
'''
check.script = 'test "$(two)" = "$PREFIX"'
`,
  };
  const first = open(files);
  await first.must("build", "--check");
  const second = open(files, "second");
  expect(await second.must("build")).toContain("0 packages built");
  for (const { prefix } of [first, second]) {
    for (const name of ["bin/one", "bin/two", "share/d/absolute"])
      expect(runInstalled(`${prefix}/${name}`)).toBe(`${prefix}\n`);
    expect(fs.readlinkSync(`${prefix}/share/d/absolute`)).toBe("../../bin/one");
    const hole = fs.readFileSync(`${prefix}/share/hole`);
    expect(hole.subarray(0, 5_000_000).every((byte) => byte === 0)).toBe(true);
    const end = hole.subarray(5_000_000).toString();
    expect(end).toBe(`${prefix.padEnd(placeholder.length, "/")}/end`);
  }
  expect(await second.must("verify")).toContain("ok: ");
});

test("a build sees nothing of the prefix that is on disk", async () => {
  const files = {
    "packages/first.toml": `name = "first"
version = "1"
build.system = "script"
build.script = 'mkdir -p "$DESTDIR$PREFIX/share"; echo 1 > "$DESTDIR$PREFIX/share/first"'
`,
  };
  const shop = open(files);
  await shop.must("build");
  shop.write({
    "packages/spy.toml": `name = "spy"
version = "1"
build.system = "script"
build.script = 'test ! -e "${shop.prefix}/share/first"'
`,
  });
  expect(await shop.must("build")).toContain("1 package built");
});

test.skipIf(!canRun)(
  "a relocated file that was damaged in the store is made again (needs cc)",
  async () => {
    const shop = open(teller);
    await shop.must("build");
    const made = fs
      .readdirSync(`${shop.store}/made`)
      .map((id) => `${shop.store}/made/${id}/tree/share/teller/words`)
      .find((file) => fs.existsSync(file));
    expect(made).toBeDefined();
    fs.writeFileSync(made ?? "", "damaged\n");
    await shop.must("remove", "teller");
    await shop.must("build");
    expect(runInstalled(`${shop.prefix}/bin/tell`)).toBe(`hello from ${shop.prefix}\n`);
  },
);

test.skipIf(!canRun)(
  "`verify --repair` makes a relocated file again that is damaged in the prefix and in the store (needs cc)",
  async () => {
    const shop = open(teller);
    await shop.must("build");
    const words = "share/teller/words";
    const made = fs
      .readdirSync(`${shop.store}/made`)
      .map((id) => `${shop.store}/made/${id}/tree/${words}`)
      .find((file) => fs.existsSync(file));
    for (const file of [made ?? "", `${shop.prefix}/${words}`]) {
      fs.rmSync(file);
      fs.writeFileSync(file, "damaged\n");
    }
    expect(await shop.must("verify", "--repair")).toContain(`repaired ${words} (teller)`);
    expect(runInstalled(`${shop.prefix}/bin/tell`)).toBe(`hello from ${shop.prefix}\n`);
    expect(await shop.must("verify")).toContain("ok: ");
  },
);

test("what a build printed of its prefix goes into a pipe as $PREFIX, all else as it was", async () => {
  const shop = open({
    "packages/loud.toml": `name = "loud"
version = "1"
build.script = "echo into $PREFIX/lib, Grüße"
`,
  });
  await shop.must("build");
  const said = await shop.must("log", "loud");
  expect(said).toContain("into $PREFIX/lib, Grüße\n");
  expect(said).not.toContain(placeholder);
});
