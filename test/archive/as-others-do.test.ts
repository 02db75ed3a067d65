/** Odd archives that GNU tar and Python unpack: the same comes out here. */
import { execFileSync, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { join } from "node:path";
import * as zlib from "node:zlib";
import { describe, expect, test } from "vitest";
import { unpackArchive } from "../../src/archive/index.ts";
import { createRealWorld, removeTree } from "../../src/world/index.ts";
import { paxOf, type TarMember, tarOf } from "./tar-writer.ts";
import { temporaryFolder, treeOf } from "./temporary.ts";

const world = createRealWorld({});
const folder = temporaryFolder();
const readsData =
  execFileSync("python3", ["-c", "import tarfile; print(hasattr(tarfile, 'data_filter'))"])
    .toString()
    .trim() === "True";

const byPython =
  "import sys, tarfile; tarfile.open(sys.argv[1]).extractall(sys.argv[2], filter='data')";

/** Names, contents and targets; modes are tenon's own. */
function contentOf(directory: string): string[] {
  return treeOf(directory).map((line) => line.replace(/^([df]) \d+ /, "$1 "));
}

async function unpack(archive: string): Promise<string[]> {
  const directory = fs.mkdtempSync(join(folder, "tenon-"));
  await unpackArchive({ world, archive, directory, keepRoot: true });
  return contentOf(directory);
}

function unpackBy(command: (directory: string) => string[]): string[] {
  const directory = fs.mkdtempSync(join(folder, "other-"));
  const [program = "", ...args] = command(directory);
  execFileSync(program, args, { stdio: "ignore" });
  const content = contentOf(directory);
  removeTree(world.disk, directory);
  return content;
}

const file = (name: string, content: string, more: Partial<TarMember> = {}): TarMember => ({
  name,
  content,
  ...more,
});
const link = (name: string, target: string): TarMember => ({ name, type: "2", target });
const hard = (name: string, target: string): TarMember => ({ name, type: "1", target });
const directory = (name: string, mode = 0o755): TarMember => ({ name, type: "5", mode });

/** With `python: false`: what Python 3.11 does not take, or where it writes through a link. */
const odd: Record<string, { members: TarMember[]; python?: false }> = {
  "a hard link to itself": {
    members: [file("p/a.js", "a"), hard("p/a.js", "p/a.js"), hard("p/sub/b.js", "p/a.js")],
    python: false,
  },
  "a hard link to itself by another spelling": {
    members: [file("p/a.js", "a"), hard("./p//a.js", "p/./a.js")],
    python: false,
  },
  "a symlink and a hard link to it, and to itself": {
    members: [file("a", "a"), link("l", "a"), hard("l", "l"), hard("h", "l")],
    python: false,
  },
  "a later member of the same name": {
    members: [file("p/a", "old"), file("p/a", "new"), link("p/l", "a"), file("p/l", "over it")],
    python: false,
  },
  "a link in the place of a file": {
    members: [file("p/a", "x"), file("p/l", "x"), link("p/l", "a")],
  },
  "names with ./ and doubled slashes": {
    members: [directory("./"), file("./x", "x"), file("./y/./z", "y"), file("y//w", "w")],
  },
  "a folder that may not be written": {
    members: [directory("p/d", 0o555), file("p/d/x", "x", { mode: 0o444 }), directory("p/d/e", 0)],
  },
  "a file that nobody may read": { members: [file("p/none", "x", { mode: 0 })] },
  "a file with setuid": { members: [file("p/s", "x", { mode: 0o4755 })] },
  "two folders at the top, and a file": {
    members: [file("a/x", "x"), file("b/y", "y"), file("pax_global_header", "z")],
  },
  "a comment for all, and a name": {
    members: [paxOf({ comment: "a commit" }, "g"), paxOf({ path: "p/long" }), file("p/short", "x")],
  },
};

describe("the same members", () => {
  test.each(Object.entries(odd))("%s", async (what, { members, python = true }) => {
    const archive = join(folder, `${what.replaceAll(/\W/g, "-")}.tar`);
    fs.writeFileSync(archive, tarOf(members));
    const mine = await unpack(archive);
    expect(mine.length).toBeGreaterThan(0);
    expect(mine).toEqual(unpackBy((to) => ["tar", "-xf", archive, "-C", to]));
    if (python && readsData)
      expect(mine).toEqual(unpackBy((to) => ["python3", "-c", byPython, archive, to]));
  });
});

const plain = tarOf([file("p/f", "text"), file("p/g", "more".repeat(1000))]);
const programs = { gz: "gzip", bz2: "bzip2", xz: "xz", lz: "lzip", zst: "zstd" } as const;
type Ending = keyof typeof programs;
const isHere = (ending: Ending): boolean =>
  spawnSync(programs[ending], ["--version"]).error === undefined;
const endings = (Object.keys(programs) as Ending[]).filter(isHere);
const pack = (ending: Ending, content = plain): Buffer =>
  execFileSync(programs[ending], ["-c"], { input: content });
const text = ["d p", "f p/f text", `f p/g ${"more".repeat(1000)}`];

describe("streams", () => {
  const write = (ending: string, ...pieces: Uint8Array[]): string => {
    const archive = join(fs.mkdtempSync(join(folder, "stream-")), `x.tar.${ending}`);
    fs.writeFileSync(archive, Buffer.concat(pieces));
    return archive;
  };

  const padded = endings.filter((ending) => ending !== "zst"); // zstd itself refuses it
  test.each(padded)("%s, padded with zeros", async (ending) => {
    for (const bytes of [4, 512, 10_240, 600_000]) {
      const archive = write(ending, pack(ending), Buffer.alloc(bytes));
      expect(await unpack(archive), `${bytes}`).toEqual(text);
    }
  });

  test.each(endings)("%s, cut off", async (ending) => {
    const whole = pack(ending);
    const archive = write(ending, whole.subarray(0, whole.length - 30));
    await expect(unpack(archive)).rejects.toMatchObject({ code: "ARCHIVE_DAMAGED" });
  });

  test.each(endings)("%s in several pieces", async (ending) => {
    const pieces = [plain.subarray(0, 700), plain.subarray(700, 701), plain.subarray(701)];
    expect(await unpack(write(ending, ...pieces.map((each) => pack(ending, each))))).toEqual(text);
  });

  test("gzip, padded from where a read ends", async () => {
    const stored = zlib.gzipSync(plain, { level: 0 });
    const name = Buffer.alloc((1 << 18) - stored.length, "n"); // a file's name in the header
    name[name.length - 1] = 0;
    const head = Buffer.from(stored.subarray(0, 10));
    head[3] = 0x08;
    const whole = Buffer.concat([head, name, stored.subarray(10)]);
    expect(whole.length).toBe(1 << 18);
    expect(await unpack(write("gz", whole, Buffer.alloc(1000)))).toEqual(text);
    expect(await unpack(write("gz", whole, pack("gz", Buffer.alloc(512))))).toEqual(text);
  });

  test("an archive behind the end of another one is not read, as GNU tar does", async () => {
    const other = tarOf([file("q", "")]);
    expect(await unpack(write("gz", pack("gz"), pack("gz", other)))).toEqual(text);
    expect(await unpack(write("gz", pack("gz", Buffer.concat([plain, other]))))).toEqual(text);
  });

  test("one zero block is an end, and what is behind it does not count", async () => {
    const short = tarOf([file("p/f", "text")], 512);
    expect(await unpack(write("gz", pack("gz", short)))).toEqual(text.slice(0, 2));
    const more = Buffer.concat([short, Buffer.from("words")]);
    expect(await unpack(write("gz", pack("gz", more)))).toEqual(text.slice(0, 2));
  });
});
