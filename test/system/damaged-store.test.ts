/** A store that is damaged heals: what it lost is made again, and a prefix is never given a part. */
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { afterEach, describe, expect, test } from "vitest";
import { wheelOf } from "../wheel/wheel-writer.ts";
import { openWorkshop, type Workshop } from "./workshop.ts";

let shop: Workshop;
afterEach(() => shop.dispose());

/** The only file of the store's artifacts that has this name. */
function stored(name: string): string {
  const found = fs.readdirSync(`${shop.store}/artifacts`, { recursive: true, encoding: "utf8" });
  const path = found.find((each) => each.endsWith(`/${name}`));
  expect(path, `${name} in ${found.join(" ")}`).toBeDefined();
  return `${shop.store}/artifacts/${path}`;
}

function replace(file: string, make: (file: string) => void): void {
  fs.rmSync(file, { recursive: true });
  make(file);
}

const damages: Readonly<Record<string, (file: string) => void>> = {
  missing: (file) => fs.rmSync(file),
  cut: (file) => fs.truncateSync(file, 2),
  flipped: (file) => fs.writeFileSync(file, Buffer.from(fs.readFileSync(file)).fill(0x7a, 1, 2)),
  "a symlink": (file) => replace(file, () => fs.symlinkSync("/etc/passwd", file)),
  "a pipe": (file) => replace(file, () => spawnSync("mkfifo", [file])),
  "a folder": (file) => replace(file, () => fs.mkdirSync(file)),
};

const stack = {
  "packages/library.toml": `
name = "library"
version = "1"
[build]
system = "script"
script = 'mkdir -p "$DESTDIR$PREFIX/share"; echo library > "$DESTDIR$PREFIX/share/library"'
`,
  "packages/tool.toml": `
name = "tool"
version = "1"
[depends]
build = ["library"]
[build]
system = "script"
script = 'cp "$PREFIX/share/library" "$DESTDIR$PREFIX/tool" || { mkdir -p "$DESTDIR$PREFIX"; cp "$PREFIX/share/library" "$DESTDIR$PREFIX/tool"; }'
`,
};

describe.each(["copy", "reflink", "hardlink"])("a prefix that is filled by %s", (link) => {
  test.each(Object.keys(damages))("a file of an artifact that is %s", async (how) => {
    shop = openWorkshop(stack);
    await shop.must("build", "--link", link);
    const file = stored("library");
    fs.rmSync(shop.prefix, { recursive: true });
    damages[how]?.(file);
    const { code, stderr } = await shop.run(["build", "--link", link]);
    expect(stderr).toMatch(
      /note: library: share\/library (is|has) .* in the store: tenon drops that copy and makes the package again\n/,
    );
    expect(code).toBe(0);
    expect(fs.readFileSync(`${shop.prefix}/share/library`, "utf8")).toBe("library\n");
    await shop.must("verify");
  });
});

test("nothing is built on a damaged artifact", async () => {
  shop = openWorkshop(stack);
  await shop.must("build");
  fs.writeFileSync(stored("library"), "other!!\n");
  shop.edit("packages/tool.toml", 'version = "1"', 'version = "2"');
  const { code, stderr } = await shop.run(["build"]);
  expect(code).toBe(0);
  expect(stderr).toContain("library: share/library has another content in the store");
  expect(fs.readFileSync(`${shop.prefix}/tool`, "utf8")).toBe("library\n");
});

test.each<[string, (store: string) => void]>([
  ["all", (store) => fs.rmSync(store, { recursive: true })],
  ["its artifacts", (store) => fs.rmSync(`${store}/artifacts`, { recursive: true })],
  ["its table of keys", (store) => fs.rmSync(`${store}/keys`, { recursive: true })],
  ["a manifest", () => fs.rmSync(manifestOf("library"))],
  ["half a manifest", () => fs.truncateSync(manifestOf("library"), 40)],
  ["a line of a manifest", () => rewrite(manifestOf("library"), "0644", "0755")],
])("a store that has lost %s makes it again", async (_what, lose) => {
  shop = openWorkshop(stack);
  await shop.must("build");
  fs.rmSync(shop.prefix, { recursive: true });
  lose(shop.store);
  await shop.must("build");
  await shop.must("verify");
  expect(fs.readFileSync(`${shop.prefix}/share/library`, "utf8")).toBe("library\n");
});

function manifestOf(name: string): string {
  return stored(name).replace(/\/tree\/.*/, "/manifest.json");
}

function rewrite(file: string, from: string, to: string): void {
  fs.writeFileSync(file, fs.readFileSync(file, "utf8").replace(from, to));
}

describe.each(["hardlink", "copy"])("wheels that come by %s", (link) => {
  test.each([...Object.keys(damages), "manifest"])("one of which a file is %s", async (how) => {
    const name = "greet-1.0-py3-none-any.whl";
    shop = openWorkshop({ [name]: wheelOf({ files: { "greet.py": "hello = 1\n" } }) });
    const install = ["install", "--link", link, name, "--prefix"];
    await shop.must(...install, `${shop.root}/one`);
    if (how === "manifest") fs.truncateSync(manifestOf("greet.py"), 40);
    else damages[how]?.(stored("greet.py"));
    const { code, stderr } = await shop.run([...install, `${shop.root}/two`]);
    expect(stderr).toContain("note: greet: ");
    expect(code).toBe(0);
    await shop.must("verify", "--prefix", `${shop.root}/two`);
  });
});

test("a rollback that needs what is damaged says so, and changes nothing", async () => {
  const recipe = (version: string) => ({
    "packages/pair.toml": `
name = "pair"
version = "${version}"
[build]
system = "script"
script = 'mkdir -p "$DESTDIR$PREFIX/share"; cd "$DESTDIR$PREFIX/share"; echo same > kept; echo ${version} > new'
`,
  });
  shop = openWorkshop(recipe("1"));
  await shop.must("build");
  shop.write(recipe("2"));
  await shop.must("build");
  fs.rmSync(`${shop.prefix}/share/kept`);
  const artifacts = fs.readdirSync(`${shop.store}/artifacts`);
  for (const id of artifacts)
    fs.writeFileSync(`${shop.store}/artifacts/${id}/tree/share/kept`, "Same\n");
  for (const kept of displaced(`${shop.prefix}/var/lib/tenon/tx`)) fs.rmSync(kept);
  const before = shop.tree();
  const { code, stderr } = await shop.run(["rollback"]);
  expect(stderr).toContain("share/kept of pair 1 cannot be found anywhere in its earlier form");
  expect(code).toBe(4);
  expect(shop.tree()).toEqual(before);
});

function displaced(folder: string): string[] {
  const found = fs.readdirSync(folder, { recursive: true, encoding: "utf8" });
  return found.filter((each) => each.endsWith("/share/kept")).map((each) => `${folder}/${each}`);
}
