/** A checkout is bundled, unpacked elsewhere, and names the new place, however often it is killed on the way. */
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { layoutOf, readRecords, verifyRecords } from "../../src/prefix/index.ts";
import { makeSecretKey, openEnvelope, parseEnvelope, publicPart } from "../../src/signing/index.ts";
import { createRealWorld } from "../../src/world/index.ts";
import { type Checkout, contentsAt, home, openCheckout, readTree, record } from "./tree-on-disk.ts";

let checkout: Checkout;
const key = makeSecretKey("release", "2099-01-01");

beforeAll(async () => {
  checkout = openCheckout();
  const { sage, write } = checkout;
  write("logs/old.log", sage);
  write("local/lib/__pycache__/old.pyc", sage);
  fs.mkdirSync(`${sage}/empty`, { mode: 0o700 });
  fs.symlinkSync(`${sage}/local/lib`, `${sage}/local/lib64`);
  fs.symlinkSync("../../../../../../../../../../bin/sh", `${sage}/outside`);
  spawnSync("touch", ["-d", "2020-02-02T02:02:02.123456789Z", `${sage}/VERSION.txt`]);
  await checkout.bundle({ keys: [key] });
});
afterAll(() => fs.rmSync(checkout.root, { recursive: true, force: true }));

function run(program: string, ...args: readonly string[]) {
  return spawnSync(program, args, { encoding: "utf8", cwd: "/" });
}

/** Each file is what a build at this path would have made, but for slashes where lengths stay. */
function requireNamed(tree: string, from = checkout.sage): void {
  const files = readTree(tree);
  const filled = (text: string): string => text.replaceAll(from, tree.padEnd(from.length, "/"));
  for (const [path, content] of Object.entries(contentsAt(tree))) {
    const found = files[path] ?? "";
    if (path === record) continue;
    if (path.endsWith(".gz"))
      expect(String(gunzipSync(Buffer.from(found, "latin1")))).toBe(`see ${tree}/local\n`);
    else if (path === "local/lib/strings") expect(found).toBe(filled(contentsAt(from)[path] ?? ""));
    else if (path === "config.status")
      expect(found).toBe(`${tree}/local\n${tree} and ${from}-other and ${tree}.\n`);
    else expect(found).toBe(content);
  }
  expect(files[record]).toBe(contentsAt(tree)[record]);
  const layout = layoutOf(`${tree}/local`);
  const { disk } = createRealWorld({});
  const records = readRecords(disk, layout);
  expect([...records.keys()]).toEqual(["app"]);
  expect(verifyRecords(disk, layout, records.values())).toEqual([]);
}

describe("an archive", () => {
  test("has folders, modes, times to the nanosecond, and links within the tree", () => {
    const tree = checkout.unpackAt(`${checkout.root}/a`);
    expect(fs.statSync(`${tree}/empty`).mode & 0o777).toBe(0o700);
    const { mtimeNs } = fs.statSync(`${tree}/VERSION.txt`, { bigint: true });
    expect(mtimeNs % 1_000_000_000n).toBe(123456789n);
    expect(fs.readlinkSync(`${tree}/local/lib64`)).toBe("lib");
    expect(fs.readlinkSync(`${tree}/outside`)).toBe("/bin/sh");
    expect(fs.readdirSync(`${tree}/logs`)).toEqual([]);
    expect(fs.existsSync(`${tree}/local/lib/__pycache__`)).toBe(false);
    expect(fs.existsSync(`${tree}/local/var/lib/tenon/sbom.spdx.json`)).toBe(true);
  });

  test("is signed with its name and its digest", () => {
    const file = `${checkout.root}/sage-10.9-Linux-any.tar.zst`;
    const envelope = parseEnvelope(fs.readFileSync(`${file}.intoto.json`));
    const statement =
      envelope && openEnvelope(envelope, "application/vnd.in-toto+json", publicPart(key));
    const sha256 = createRealWorld({}).disk.digestFile(file);
    expect(JSON.parse(String(statement))).toMatchObject({
      subject: [{ name: "sage-10.9-Linux-any.tar.zst", digest: { sha256 } }],
    });
  });
});

describe("the program relocate-once.py", () => {
  test.each(["shorter", "equal", "the longest"])("names a path that is %s", (word) => {
    const { sage, root, pathOf, unpackAt } = checkout;
    const bytes = { shorter: root.length + 2, equal: sage.length, "the longest": sage.length };
    const tree = unpackAt(pathOf(bytes[word as keyof typeof bytes]));
    expect(run(`${tree}/sage`)).toMatchObject({ status: 0 });
    expect(fs.existsSync(`${tree}/relocate-once.py`)).toBe(false);
    requireNamed(tree);
  });

  test("can be run again after a move, from where it has moved itself", () => {
    const { root, sage, unpackAt } = checkout;
    const tree = unpackAt(`${root}/b`);
    expect(run(`${tree}/relocate-once.py`)).toMatchObject({ status: 0 });
    const moved = `${root}/${"moved".repeat(4)}`;
    fs.renameSync(tree, moved);
    expect(run(`${moved}/${home}/relocate-once.py`)).toMatchObject({ status: 0 });
    requireNamed(moved, sage);
  });

  test("names another place than its own with -d", () => {
    const tree = checkout.unpackAt(`${checkout.root}/c`);
    expect(run(`${tree}/relocate-once.py`, "-d", "/opt/sage")).toMatchObject({ status: 0 });
    expect(fs.readFileSync(`${tree}/local/bin/module.py`, "utf8")).toBe(
      'place = "/opt/sage/local"\n',
    );
  });

  test("refuses a path for which something has no room, with both lengths, and one with a space", () => {
    const { sage, root, pathOf, unpackAt } = checkout;
    const bytes = sage.length + 1;
    for (const [place, said] of [
      [pathOf(bytes), `has ${bytes} bytes, and local/lib/strings has room for ${sage.length}`],
      [`${root}/d e`, "other characters"],
    ] as const) {
      const tree = unpackAt(place);
      const before = readTree(tree);
      const { status, stderr } = run(`${tree}/relocate-once.py`);
      expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining(said) });
      expect(readTree(tree)).toEqual(before);
    }
  });

  test("changes nothing where a file was edited", () => {
    const tree = checkout.unpackAt(`${checkout.root}/f`);
    fs.appendFileSync(`${tree}/local/bin/module.py`, "edited\n");
    const before = readTree(tree);
    const { status, stderr } = run(`${tree}/relocate-once.py`);
    expect(stderr).toContain("local/bin/module.py is not as it was unpacked");
    expect(status).toBe(3);
    expect(readTree(tree)).toEqual(before);
  });
});

describe("its own installer", () => {
  test("unpacks it and has it name the place", async () => {
    await checkout.bundle({ forms: ["sh"] });
    const file = `${checkout.root}/sage-10.9-Linux-any.sh`;
    const tree = `${checkout.root}/self`;
    expect(run("sh", file, "--prefix", tree)).toMatchObject({ status: 0, stderr: "" });
    requireNamed(tree);
  });
});

describe("what cannot be bundled", () => {
  const refused: readonly (readonly [
    what: string,
    content: (sage: string) => Buffer | undefined,
    said: RegExp,
  ])[] = [
    ["a pipe", () => undefined, /odd: fifo/],
    [
      "a path in compressed data",
      (sage) => gzipSync(`\0${sage}/local\0`),
      /odd has the prefix's path in compressed data \(gzip, at byte 0\)/,
    ],
    [
      "a path in UTF-16",
      (sage) => Buffer.from(`ab${sage}`, "utf16le"),
      /odd has the prefix's path in UTF-16 \(data, at byte 4\)/,
    ],
    [
      "a path behind its length",
      (sage) => Buffer.from(`s:${sage.length}:"${sage}"`),
      /odd has the prefix's path behind its length \(text, at byte \d+\)/,
    ],
  ];
  test.each(refused)("%s is named, and nothing is written", async (_what, content, said) => {
    const { sage, root, write, bundle } = checkout;
    const bytes = content(sage);
    if (bytes === undefined) run("mkfifo", `${sage}/odd`);
    else write("odd", bytes);
    fs.mkdirSync(`${root}/none`, { recursive: true });
    try {
      await expect(bundle({ output: `${root}/none` })).rejects.toThrow(said);
      await expect(
        bundle({ output: `${root}/none`, patterns: [{ exclude: "odd" }] }),
      ).resolves.toMatchObject({ kind: "bundled-tree" });
    } finally {
      fs.rmSync(`${sage}/odd`);
      fs.rmSync(`${root}/none`, { recursive: true });
    }
  });

  test("a package's file that is not as it was installed", async () => {
    const { sage, write, bundle } = checkout;
    write("local/lib/plain", "edited\n");
    await expect(bundle()).rejects.toThrow("lib/plain is not as the package app has brought it");
    write("local/lib/plain", contentsAt(sage)["local/lib/plain"] ?? "");
  });
});
