/** A bundle unpacks to what tenon's own join makes at the same prefix, byte by byte, by every shell that is there. */
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bundlePackages } from "../../src/operations/bundle-packages.ts";
import { layoutOf, readRecords, verifyRecords } from "../../src/prefix/index.ts";
import { joinAt, openPlace, type Place, readAll } from "./stack-on-disk.ts";

let place: Place;
let file: string;
beforeAll(async () => {
  place = openPlace();
  await joinAt(place, `${place.root}/first`);
  file = `${place.root}/stack.sh`;
  await bundle(file);
});
afterAll(() => fs.rmSync(place.root, { recursive: true, force: true }));

function bundle(to: string): Promise<unknown> {
  const layout = layoutOf(`${place.root}/first`);
  return bundlePackages(place.world, layout, { packages: [], file: to, tool: "1" });
}

function unpack(shell: readonly string[], prefix: string, from = file) {
  const [program = "sh", ...args] = shell;
  const options = { encoding: "utf8", cwd: place.root } as const;
  return spawnSync(program, [...args, from, "--prefix", prefix], options);
}

/** Of files that name the prefix, by the records, so that the test looks at what it means to look at. */
function formsIn(tree: Readonly<Record<string, string>>): Record<string, number> {
  const found = tree["var/lib/tenon/packages/app.json"] ?? "";
  return Object.fromEntries(
    ["text", "binary", "gzip"].map((form) => [form, found.split(`["${form}",`).length - 1]),
  );
}
const forms = { text: 6, binary: 2, gzip: 2 };

/** Fills a short folder up to so many bytes. */
function pathOf(length: number): string {
  const start = `${place.root}/`;
  return `${start}${"a-folder.d/".repeat(9).slice(0, length - start.length - 1)}p`;
}

const shells = [["dash"], ["busybox", "sh"], ["bash", "--posix"]].filter(
  ([program = ""]) => spawnSync(program, ["-c", ":"]).error === undefined,
);

describe.each(shells)("%s %s", (...shell) => {
  test.each([14, 60, 95, 96])("to a prefix of %i bytes", async (length) => {
    const prefix = length === 14 ? `/tmp/tenon-${String(process.pid).slice(-3)}` : pathOf(length);
    try {
      await joinAt(place, prefix);
      const joined = readAll(prefix);
      expect(formsIn(joined)).toEqual(forms);
      fs.rmSync(prefix, { recursive: true });
      expect(unpack(shell.filter(Boolean), prefix)).toMatchObject({ status: 0, stderr: "" });
      expect(readAll(prefix)).toEqual(joined);
      const layout = layoutOf(prefix);
      const records = readRecords(place.world.disk, layout);
      expect([...records.keys()]).toEqual(["app", "need"]);
      expect(verifyRecords(place.world.disk, layout, records.values())).toEqual([]);
    } finally {
      fs.rmSync(prefix, { recursive: true, force: true });
    }
  });
});

test("the same packages give the same bytes, from another prefix, too", async () => {
  const prefix = pathOf(80);
  await joinAt(place, prefix);
  fs.mkdirSync(`${place.root}/other`);
  const to = `${place.root}/other/stack.sh`;
  await bundlePackages(place.world, layoutOf(prefix), { packages: ["app"], file: to, tool: "1" });
  expect(fs.readFileSync(to).equals(fs.readFileSync(file))).toBe(true);
  fs.rmSync(prefix, { recursive: true });
});

test("a place that does not do is refused, and nothing is made", () => {
  const before = fs.readdirSync(place.root);
  const refusals: [string, string][] = [
    [pathOf(97), "97 bytes, and files of the bundle have room for 96"],
    [`${place.root}/with space`, "has other characters"],
    [`${place.root}/first`, "is not empty"],
    [`${place.root}/stack.sh`, "is not a folder"],
    [`${place.root}/stack.sh/x`, "is not a folder"],
    [`${place.root}/new/../x`, "without . and .."],
    ["/", "the root of the machine"],
  ];
  for (const [prefix, message] of refusals) {
    const { status, stderr } = unpack(["sh"], prefix);
    expect(stderr).toContain(message);
    expect(status).not.toBe(0);
  }
  expect(fs.readdirSync(place.root)).toEqual(before);
});

test("a bundle that is cut or changed is refused, and nothing is made", () => {
  const content = fs.readFileSync(file);
  const damaged = `${place.root}/damaged.sh`;
  const prefix = `${place.root}/never`;
  const archiveAt = content.indexOf('main "$@"; exit');
  const cuts = Array.from({ length: 8 }, (_, at) => Math.floor((content.length * at) / 8));
  const changes = [3, 150, 400, archiveAt + 3, archiveAt + 40, content.length - 1];
  for (const cut of cuts) {
    fs.writeFileSync(damaged, content.subarray(0, cut));
    unpack(["sh"], prefix, damaged);
    expect(fs.existsSync(prefix)).toBe(false);
  }
  for (const at of changes) {
    const changed = Buffer.from(content);
    changed.writeUInt8((changed[at] ?? 0) ^ 1, at);
    fs.writeFileSync(damaged, changed);
    expect(unpack(["sh"], prefix, damaged).status).not.toBe(0);
    expect(fs.existsSync(prefix)).toBe(false);
  }
});

test("a script that passes over its first look is found by what it unpacks", () => {
  const text = fs.readFileSync(file, "latin1");
  const damaged = `${place.root}/damaged.sh`;
  const look = '[ "${real%% *}" = "$sum" ]';
  expect(text).toContain(look);
  fs.writeFileSync(damaged, text.replace(look, '[ "${real%% *}" != "$um" ]'), "latin1");
  const prefix = `${place.root}/never`;
  const { status, stderr } = unpack(["sh"], prefix, damaged);
  expect({ status, stderr }).toMatchObject({ status: 4 });
  expect(stderr).toContain("its script is not as it was made");
  expect(fs.existsSync(prefix)).toBe(false);
});

test("what a killed one has left is removed, and an empty folder gives way", () => {
  const prefix = `${place.root}/again`;
  fs.mkdirSync(`${place.root}/.again.tenon-bundle-999999999/tree`, { recursive: true });
  fs.mkdirSync(prefix);
  expect(unpack(["sh"], "again")).toMatchObject({ status: 0, stderr: "" });
  expect(fs.readdirSync(place.root).filter((name) => name.startsWith(".again"))).toEqual([]);
  expect(fs.existsSync(`${prefix}/lib/need`)).toBe(true);
  fs.rmSync(prefix, { recursive: true });
});

test("a changed file of the prefix is refused, and no bundle is made", async () => {
  const changed = `${place.root}/first/lib/plain`;
  const before = fs.readFileSync(changed);
  fs.writeFileSync(changed, "Nothing of it\n");
  const to = `${place.root}/other.sh`;
  await expect(bundle(to)).rejects.toThrow("lib/plain is not as the package app has brought it");
  expect(fs.readdirSync(place.root).filter((name) => name.startsWith("other.sh"))).toEqual([]);
  fs.writeFileSync(changed, before);
});
