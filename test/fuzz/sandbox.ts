/** A folder for one unpacking after the other, and what must hold after each. */
import * as fs from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { TenonError } from "../../src/core/index.ts";
import { createRealWorld, removeTree } from "../../src/world/index.ts";

const limitMs = 20_000;
const memoryLimitBytes = 3 * 2 ** 29;
const sizeLimitBytes = 1 << 24;

const controlCharacter = /[^\P{Cc}\x7f-\x9f]/u;

export interface Sandbox {
  readonly archive: string;
  readonly out: string;
}

/** `act` is given a new archive and an empty folder. It may end with a TenonError; what else is wrong is thrown. */
export async function tryIn(
  folder: string,
  content: Uint8Array,
  act: (sandbox: Sandbox) => unknown,
): Promise<"done" | TenonError> {
  const room = fs.mkdtempSync(join(folder, "room-"));
  const sandbox = { archive: join(room, "archive"), out: join(room, "out") };
  fs.writeFileSync(sandbox.archive, content);
  fs.writeFileSync(join(room, "secret"), "as it was");
  fs.mkdirSync(sandbox.out);
  const startedMs = Date.now();
  let result: "done" | TenonError = "done";
  try {
    await act(sandbox);
  } catch (error) {
    if (!(error instanceof TenonError) || error.kind === "internal") throw error;
    result = error;
    expect(error.message).not.toMatch(controlCharacter);
    expect(fs.readdirSync(sandbox.out)).toEqual([]);
  }
  expect(Date.now() - startedMs).toBeLessThan(limitMs);
  expect(process.memoryUsage().rss).toBeLessThan(memoryLimitBytes);
  expect(fs.readdirSync(room).sort()).toEqual(["archive", "out", "secret"]);
  expect(fs.readFileSync(join(room, "secret"), "utf8")).toBe("as it was");
  checkTree(sandbox.out);
  removeTree(createRealWorld({}).disk, room);
  return result;
}

/** Files, folders and links alone; no link leads out; nothing is a second name of what lies elsewhere. */
function checkTree(root: string): void {
  let totalBytes = 0;
  const links = new Map<number, { seen: number; count: number }>();
  const walk = (folder: string): void => {
    for (const name of fs.readdirSync(folder)) {
      const path = join(folder, name);
      const status = fs.lstatSync(path);
      expect(status.mode & 0o7000, path).toBe(0);
      if (status.isDirectory()) walk(path);
      else if (status.isSymbolicLink()) expectInside(root, path);
      else {
        expect(status.isFile(), path).toBe(true);
        totalBytes += status.size;
        links.set(status.ino, {
          seen: (links.get(status.ino)?.seen ?? 0) + 1,
          count: status.nlink,
        });
      }
    }
  };
  walk(root);
  for (const { seen, count } of links.values()) expect(seen).toBe(count);
  expect(totalBytes).toBeLessThan(sizeLimitBytes);
}

function expectInside(root: string, link: string): void {
  try {
    const target = fs.realpathSync(link);
    expect(target === root || target.startsWith(`${root}/`), link).toBe(true);
  } catch (error) {
    expect((error as NodeJS.ErrnoException).code).toMatch(/^(ENOENT|ELOOP|ENOTDIR|ENAMETOOLONG)$/);
  }
}
