/** What may have no end is refused at once, whoever waits at its other end. */
import { execFileSync, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as net from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createRealWorld, type Disk } from "../../src/world/index.ts";
import { temporaryFolder } from "../archive/temporary.ts";

const { disk } = createRealWorld({});
const folder = temporaryFolder();

const readers: Record<string, (disk: Disk, path: string) => unknown> = {
  readFile: (disk, path) => disk.readFile(path),
  readChunks: (disk, path) => [...disk.readChunks(path)],
  "readChunks from a byte": (disk, path) => [...disk.readChunks(path, 1)],
  readSlice: (disk, path) => disk.readSlice(path, 0, 10),
  digestFile: (disk, path) => disk.digestFile(path),
};

function makePipe(name: string): string {
  const pipe = join(folder, name);
  execFileSync("mkfifo", [pipe]);
  return pipe;
}

for (const [reader, read] of Object.entries(readers)) {
  test(`${reader} refuses a FIFO that nobody writes into`, () => {
    const pipe = makePipe(`silent-${reader.replaceAll(" ", "-")}`);
    expect(() => read(disk, pipe)).toThrow(`read ${pipe}: not a regular file (ENXIO)`);
  });

  test(`${reader} refuses devices, also through a link`, () => {
    for (const device of ["/dev/zero", "/dev/null", "/dev/full"]) {
      expect(() => read(disk, device)).toThrow("not a regular file");
    }
    const link = join(folder, `link-${reader.replaceAll(" ", "-")}`);
    fs.symlinkSync("/dev/zero", link);
    expect(() => read(disk, link)).toThrow("not a regular file");
  });

  test(`${reader} refuses a FIFO with content`, async () => {
    const pipe = makePipe(`full-${reader.replaceAll(" ", "-")}`);
    const writer = spawn("sh", [
      "-c",
      `exec 3<>"$1"; echo words >&3; echo ready; exec sleep 60`,
      "sh",
      pipe,
    ]);
    await new Promise((resolve) => writer.stdout.once("data", resolve));
    expect(() => read(disk, pipe)).toThrow("not a regular file");
    writer.kill();
  });
}

test("a socket is refused", async () => {
  const path = join(folder, "socket");
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(path, resolve));
  for (const read of Object.values(readers)) expect(() => read(disk, path)).toThrow("(ENXIO)");
  server.close();
});

test("the digest is that of all there is, whatever its size", () => {
  const path = join(folder, "file");
  for (const sizeBytes of [0, 1, (1 << 18) - 1, 1 << 18, (1 << 18) + 1, 1 << 19, 700_000]) {
    fs.writeFileSync(path, Buffer.alloc(sizeBytes, "0123456789a"));
    const [sum] = execFileSync("sha256sum", [path]).toString().split(" ");
    expect(disk.digestFile(path)).toBe(sum);
  }
});

test("a file may have a limit", () => {
  const path = join(folder, "limited");
  fs.writeFileSync(path, "0123456789");
  expect(disk.readFile(path, 10)).toHaveLength(10);
  expect(() => disk.readFile(path, 9)).toThrow("larger than it can be (EFBIG)");
});

test("files of the kernel, which tell no size, are read", () => {
  expect(String(disk.readFile("/proc/self/mountinfo"))).toContain("/proc");
});

test("a folder is told for what it is", () => {
  for (const read of Object.values(readers)) {
    expect(() => read(disk, folder)).toThrow("is a directory (EISDIR)");
  }
});

test("a file of the kernel that tells no size and goes on for ever is not read to its end", () => {
  const endless = "/proc/self/pagemap";
  expect(disk.status(endless)?.sizeBytes).toBe(0);
  expect(disk.digestFile(endless)).toMatch(/^[0-9a-f]{64}$/);
});
