/** Reading what may keep its reader for ever: it is refused before a byte is waited for. */
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createRealDisk } from "../../src/world/real/disk.ts";

const disk = createRealDisk();
let root: string;

beforeAll(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), "tenon-reading-"));
  execFileSync("mkfifo", [`${root}/fifo`]);
  fs.symlinkSync("/dev/zero", `${root}/endless`);
  fs.symlinkSync("fifo", `${root}/link`);
  fs.writeFileSync(`${root}/file`, "0123456789");
});
afterAll(() => fs.rmSync(root, { recursive: true }));

describe.each([
  ["readFile", (file: string) => disk.readFile(file)],
  ["readChunks", (file: string) => [...disk.readChunks(file)]],
  ["readSlice", (file: string) => disk.readSlice(file, 0, 1)],
  ["digestFile", (file: string) => disk.digestFile(file)],
])("%s", (_name, read) => {
  test.each(["fifo", "endless", "link"])("refuses %s", (name) => {
    expect(() => read(`${root}/${name}`)).toThrow(
      `read ${root}/${name}: not a regular file (ENXIO)`,
    );
  });

  test("says of a folder what it is, and reads a file", () => {
    expect(() => read(root)).toThrow("is a directory (EISDIR)");
    expect(() => read(`${root}/file`)).not.toThrow();
  });
});

test("a file may have a limit", () => {
  expect(disk.readFile(`${root}/file`, 10)).toHaveLength(10);
  expect(() => disk.readFile(`${root}/file`, 9)).toThrow("larger than it can be (EFBIG)");
});

test("files of the kernel, which tell no size, are read", () => {
  expect(String(disk.readFile("/proc/self/mountinfo"))).toContain("/proc");
});
