/** The real lock: the kernel drops it when its holder dies (I1). */
import * as childProcess from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createRealWorld, type Disk } from "../../src/world/index.ts";

const { disk } = createRealWorld({});
const flock = new URL("../../node_modules/koffi/index.js", import.meta.url).href;

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "tenon-lock-"));
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

/** Locks the file as another program would, says so, and never ends by itself. */
const holderProgram = `
  import { openSync, writeSync } from "node:fs";
  const { default: koffi } = await import(process.argv[1]);
  const flock = koffi.load(null).func("int flock(int fd, int operation)");
  writeSync(1, flock(openSync(process.argv[2], "a+"), 2) === 0 ? "locked" : "failed");
  setInterval(() => {}, 1000);
`;

test("a lock is free again as soon as its holder is killed", async () => {
  const file = `${folder}/lock`;
  const holder = childProcess.spawn(
    process.execPath,
    ["--input-type=module", "-e", holderProgram, flock, file],
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
