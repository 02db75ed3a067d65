/** What is run unseen lies where nobody else can have written it (I15). */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { privateFolder } from "../../src/world/index.ts";

let home: string;
beforeEach(() => {
  home = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "tenon-private-")));
});
afterEach(() => fs.rmSync(home, { recursive: true, force: true }));

test("it is made for the caller alone", () => {
  expect(privateFolder(`${home}/a/b`)).toBe(`${home}/a/b`);
  expect(fs.statSync(`${home}/a/b`).mode & 0o777).toBe(0o700);
  expect(privateFolder(`${home}/a/b`)).toBe(`${home}/a/b`);
});

test.each([0o777, 0o775, 0o1777])("one with the mode %o is not", (mode) => {
  fs.mkdirSync(`${home}/a`);
  fs.chmodSync(`${home}/a`, mode);
  expect(privateFolder(`${home}/a`)).toBeUndefined();
});

test.each([0o777, 0o775])("one below a folder with the mode %o is not", (mode) => {
  fs.mkdirSync(`${home}/a/b`, { recursive: true });
  fs.chmodSync(`${home}/a`, mode);
  expect(privateFolder(`${home}/a/b`)).toBeUndefined();
});

test("one below a folder with the sticky bit is", () => {
  fs.mkdirSync(`${home}/a`);
  fs.chmodSync(`${home}/a`, 0o1777);
  expect(privateFolder(`${home}/a/b`)).toBe(`${home}/a/b`);
});

test("a symbolic link counts as where it leads", () => {
  fs.mkdirSync(`${home}/open`);
  fs.chmodSync(`${home}/open`, 0o777);
  fs.mkdirSync(`${home}/own`);
  fs.symlinkSync("open", `${home}/to-open`);
  fs.symlinkSync("own", `${home}/to-own`);
  expect(privateFolder(`${home}/to-open`)).toBeUndefined();
  expect(privateFolder(`${home}/to-own`)).toBe(`${home}/own`);
});

test("what cannot be made is none", () => {
  fs.writeFileSync(`${home}/file`, "");
  fs.symlinkSync("loop", `${home}/loop`);
  expect(privateFolder(`${home}/file`)).toBeUndefined();
  expect(privateFolder(`${home}/file/below`)).toBeUndefined();
  expect(privateFolder(`${home}/loop/below`)).toBeUndefined();
});

test.skipIf(process.getuid?.() !== 0)("another user's is not (skipped: only root can give)", () => {
  fs.mkdirSync(`${home}/a/b`, { recursive: true, mode: 0o755 });
  fs.chownSync(`${home}/a/b`, 61_001, 61_001);
  expect(privateFolder(`${home}/a/b`)).toBeUndefined();
  fs.chownSync(`${home}/a/b`, 0, 0);
  fs.chownSync(`${home}/a`, 61_001, 61_001);
  expect(privateFolder(`${home}/a/b`)).toBeUndefined();
});
