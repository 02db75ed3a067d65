/** The real lock: the kernel drops it when its holder dies (I1). */
import * as childProcess from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createRealWorld, type Disk } from "../../src/world/index.ts";

const { disk } = createRealWorld({});
const library = new URL("../../node_modules/koffi/index.js", import.meta.url).href;

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "tenon-lock-"));
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

/** Locks the file as another program would, says so, and never ends by itself. */
const holderProgram = `
  import { openSync, writeSync } from "node:fs";
  const { default: koffi } = await import(process.argv[1]);
  const fcntl = koffi.load(null).func("int fcntl(int fd, int command, ...)");
  const request = Buffer.alloc(32);
  request.writeInt16LE(1, 0);
  const locked = fcntl(openSync(process.argv[2], "a+", 0o600), 37, "void *", request);
  writeSync(1, locked === 0 ? "locked" : "failed");
  setInterval(() => {}, 1000);
`;

test("a lock is free again as soon as its holder is killed", async () => {
  const file = `${folder}/lock`;
  const holder = childProcess.spawn(
    process.execPath,
    ["--input-type=module", "-e", holderProgram, library, file],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const said = await new Promise<string>((resolve) => {
    holder.stdout.once("data", (chunk: Buffer) => resolve(chunk.toString()));
  });
  expect(said).toBe("locked");
  expect(disk.tryLock(file)).toBeUndefined();
  const ended = new Promise((resolve) => holder.once("exit", resolve));
  holder.kill("SIGKILL");
  await ended;
  const lock = disk.tryLock(file);
  expect(lock).toBeDefined();
  lock?.release();
});

test("a program that the holder starts does not keep the lock", () => {
  const file = `${folder}/lock`;
  const lock = disk.tryLock(file);
  const child = childProcess.spawn("sleep", ["60"], { stdio: "ignore" });
  try {
    lock?.release();
    expect(isFree(disk, file)).toBe(true);
  } finally {
    child.kill("SIGKILL");
  }
});

function isFree(disk: Disk, file: string): boolean {
  const lock = disk.tryLock(file);
  lock?.release();
  return lock !== undefined;
}

/** What anybody can do who may read a file. */
const readerProgram = `
  import { openSync, writeSync } from "node:fs";
  const { default: koffi } = await import(process.argv[1]);
  const flock = koffi.load(null).func("int flock(int fd, int operation)");
  writeSync(1, flock(openSync(process.argv[2], "r"), 2) === 0 ? "locked" : "failed");
  setInterval(() => {}, 1000);
`;

test("a reader of an older lock file keeps nobody from it, and not from the next one", async () => {
  const file = `${folder}/lock`;
  fs.writeFileSync(file, "", { mode: 0o644 });
  const reader = childProcess.spawn(
    process.execPath,
    ["--input-type=module", "-e", readerProgram, library, file],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  try {
    await new Promise((resolve) => void reader.stdout.once("data", resolve));
    const before = fs.statSync(file).ino;
    const lock = disk.tryLock(file);
    expect(lock).toBeDefined();
    expect(disk.tryLock(file)).toBeUndefined();
    expect(fs.statSync(file)).toMatchObject({ mode: 0o100600 });
    expect(fs.statSync(file).ino).not.toBe(before);
    lock?.release();
    expect(isFree(disk, file)).toBe(true);
  } finally {
    reader.kill("SIGKILL");
  }
});

describe("a lock file that is somebody's file by another name", () => {
  test.each([
    ["is replaced", () => {}],
    [
      "is replaced whatever is in the way",
      () => fs.mkdirSync(`${folder}/lock.new/x`, { recursive: true }),
    ],
  ])("%s, and that file is not written", (_name, prepare) => {
    fs.writeFileSync(`${folder}/theirs`, "theirs");
    fs.linkSync(`${folder}/theirs`, `${folder}/lock`);
    prepare();
    const lock = disk.tryLock(`${folder}/lock`);
    lock?.describe("holder");
    lock?.release();
    expect(fs.readFileSync(`${folder}/theirs`, "utf8")).toBe("theirs");
    expect(fs.readFileSync(`${folder}/lock`, "utf8")).toBe("holder");
  });
});
