/** Unpacking good archives of every kind, compared with what made them. */
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { join } from "node:path";
import * as zlib from "node:zlib";
import { describe, expect, test } from "vitest";
import { unpackArchive } from "../../src/archive/index.ts";
import { createRealWorld, type World } from "../../src/world/index.ts";
import { paxOf, tarOf } from "./tar-writer.ts";
import { temporaryFolder, treeOf } from "./temporary.ts";
import { zipOf } from "./zip-writer.ts";

const world = createRealWorld({});
const folder = temporaryFolder();
let count = 0;

function fresh(): string {
  count += 1;
  const path = join(folder, `out${count}`);
  fs.mkdirSync(path);
  return path;
}

async function unpack(
  content: Uint8Array,
  name: string,
  options: { keepRoot?: boolean; world?: World } = {},
): Promise<string> {
  const directory = fresh();
  const archive = join(folder, `archive${count}`);
  fs.writeFileSync(archive, content);
  await unpackArchive({ world, ...options, archive, directory, name });
  expect(fs.readdirSync(folder).filter((entry) => entry.includes("unpacking"))).toEqual([]);
  return directory;
}

/** Makes, with Python, the archives of one tree: a reference that shares nothing with tenon. */
const makeArchives = `
import bz2, io, lzma, os, sys, tarfile, zipfile
root = sys.argv[1]
tree = os.path.join(root, "source", "greet-1.0")
long = "a" * 90
os.makedirs(os.path.join(tree, "sub", long, long))
def put(path, text, mode, time):
    path = os.path.join(tree, path)
    with open(path, "w") as file: file.write(text)
    os.chmod(path, mode)
    os.utime(path, (time, time))
put("configure.ac", "AC", 0o640, 1000000000)
put("configure", "#!/bin/sh", 0o775, 1000000004)
put("sub/%s/%s/%s" % (long, long, long), "deep", 0o600, 1000000000)
put("sub/größe 日本.txt", "unicode", 0o4755, 1000000000)
put("big.bin", "0123456789abcdef" * 60000, 0o644, 1000000000)
put("empty", "", 0o644, 1000000000)
os.symlink("sub/../configure", os.path.join(tree, "link"))
os.link(os.path.join(tree, "configure"), os.path.join(tree, "hard"))
for format, name in ((tarfile.PAX_FORMAT, "pax"), (tarfile.GNU_FORMAT, "gnu")):
    with tarfile.open(os.path.join(root, name + ".tar"), "w", format=format) as tar:
        tar.add(tree, "greet-1.0")
for mode in ("gz", "bz2", "xz"):
    with tarfile.open(os.path.join(root, "pax.tar." + mode), "w:" + mode) as tar:
        tar.add(tree, "greet-1.0")
with zipfile.ZipFile(os.path.join(root, "all.zip"), "w", zipfile.ZIP_DEFLATED) as archive:
    for parent, folders, files in os.walk(tree):
        for name in folders + files:
            path = os.path.join(parent, name)
            short = os.path.relpath(path, os.path.join(root, "source"))
            if os.path.islink(path):
                info = zipfile.ZipInfo(short)
                info.create_system = 3
                info.external_attr = 0o120777 << 16
                archive.writestr(info, os.readlink(path))
            else:
                archive.write(path, short)
class Pipe(io.RawIOBase):
    def __init__(self, file): self.file = file
    def writable(self): return True
    def write(self, data): return self.file.write(data)
with open(os.path.join(root, "streamed.zip"), "wb") as file:
    with zipfile.ZipFile(Pipe(file), "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("greet-1.0/wide", "w", force_zip64=True) as member: member.write(b"wide")
        archive.writestr("greet-1.0/plain", "plain")
`;

const made = join(folder, "made");
fs.mkdirSync(made);
execFileSync("python3", ["-c", makeArchives, made]);

/** The source tree with the modes that tenon gives. */
function expectedTree(): string[] {
  return treeOf(join(made, "source", "greet-1.0")).map((line) => {
    const [, type, mode, rest] = /^([fd]) (\d+) (.*)$/s.exec(line) ?? [];
    if (type === "d") return `d 755 ${rest}`;
    const isExecutable = (Number.parseInt(mode ?? "0", 8) & 0o100) !== 0;
    return type === "f" ? `f ${isExecutable ? 755 : 644} ${rest}` : line;
  });
}

describe("archives made by Python", () => {
  const names = ["pax.tar", "gnu.tar", "pax.tar.gz", "pax.tar.bz2", "pax.tar.xz", "all.zip"];
  test.each(names)("%s gives the tree that went in", async (name) => {
    const out = await unpack(fs.readFileSync(join(made, name)), "stored-under-a-digest");
    expect(treeOf(out)).toEqual(expectedTree());
    const time = (path: string): number => fs.lstatSync(join(out, path)).mtimeMs;
    expect(time("configure") - time("configure.ac")).toBe(4000);
    if (name !== "all.zip") {
      expect(time("configure")).toBe(1_000_000_004_000);
      const inode = (path: string): number => fs.lstatSync(join(out, path)).ino;
      expect(inode("hard")).toBe(inode("configure"));
    }
  });

  test("a zip made on a pipe, with descriptors and zip64 fields", async () => {
    const out = await unpack(fs.readFileSync(join(made, "streamed.zip")), "x.zip");
    expect(treeOf(out)).toEqual(["f 644 plain plain", "f 644 wide wide"]);
  });

  test("tar.zst by the program or by Node", async () => {
    const file = join(made, "pax.tar.zst");
    execFileSync("zstd", ["-q", "-f", join(made, "pax.tar"), "-o", file]);
    expect(treeOf(await unpack(fs.readFileSync(file), "x"))).toEqual(expectedTree());
  });

  test("what GNU tar and git make", async () => {
    const source = join(made, "source");
    execFileSync("tar", ["-czf", join(made, "gnu.tgz"), "-C", source, "./greet-1.0"]);
    expect(treeOf(await unpack(fs.readFileSync(join(made, "gnu.tgz")), "x"))).toEqual(
      expectedTree(),
    );
    const repository = join(folder, "repository");
    const git = (...args: string[]): Buffer =>
      execFileSync("git", ["-C", repository, "-c", "user.name=a", "-c", "user.email=b", ...args]);
    fs.mkdirSync(repository);
    git("init", "-q");
    fs.writeFileSync(join(repository, "file"), "text");
    git("add", ".");
    git("commit", "-qm", "one");
    const out = await unpack(git("archive", "--prefix=p/", "HEAD"), "x.tar");
    expect(treeOf(out)).toEqual(["f 644 file text"]);
  });
});

describe("the root", () => {
  const files = [
    { name: "./", type: "5" },
    { name: "./a/f", content: "1" },
    { name: "./a/l", type: "2", target: "f" },
  ];

  test("a single top folder becomes the root, or is kept", async () => {
    expect(treeOf(await unpack(tarOf(files), "x.tar"))).toEqual(["f 644 f 1", "l l -> f"]);
    expect(treeOf(await unpack(tarOf(files), "x.tar", { keepRoot: true }))).toEqual([
      "d 755 a",
      "f 644 a/f 1",
      "l a/l -> f",
    ]);
  });

  test("two top entries, or a single file, stay", async () => {
    const two = tarOf([...files, { name: "b" }]);
    expect(treeOf(await unpack(two, "x.tar"))).toContain("f 644 b ");
    expect(treeOf(await unpack(tarOf([{ name: "b" }]), "x.tar"))).toEqual(["f 644 b "]);
  });

  test("a link out of the top folder is fine only while that is kept", async () => {
    const linked = tarOf([{ name: "a/l", type: "2", target: "../a" }]);
    expect(treeOf(await unpack(linked, "x.tar", { keepRoot: true }))).toContain("l a/l -> ../a");
    await expect(unpack(linked, "x.tar")).rejects.toThrow(/leads out of the archive/);
  });
});

describe("particulars of tar", () => {
  test("a later member replaces an earlier one, and a link is replaced, not followed", async () => {
    const out = await unpack(
      tarOf([
        { name: "f", content: "old" },
        { name: "l", type: "2", target: "/outside" },
        { name: "f", content: "new" },
        { name: "l", content: "own" },
        { name: "d", type: "2", target: "." },
        { name: "d", type: "5" },
        { name: "d/x", content: "below" },
      ]),
      "x.tar",
    );
    expect(treeOf(out)).toEqual(["d 755 d", "f 644 d/x below", "f 644 f new", "f 644 l own"]);
  });

  test("pax records, global headers, a volume label and an old folder", async () => {
    const out = await unpack(
      tarOf([
        paxOf({ comment: "0123", mtime: "1234567890.5" }, "g"),
        { name: "label", type: "V" },
        { name: "old/", type: "\0" },
        paxOf({ path: "old/größe", size: "3" }),
        { name: "short", content: "abc", declaredBytes: 0 },
        { name: "f", prefix: "old/deep" },
      ]),
      "x.tar",
      { keepRoot: true },
    );
    expect(treeOf(out)).toEqual([
      "d 755 old",
      "d 755 old/deep",
      "f 644 old/deep/f ",
      "f 644 old/größe abc",
    ]);
    expect(fs.statSync(join(out, "old/größe")).mtimeMs).toBe(1_234_567_890_500);
  });

  test("a hard link to a symlink is that symlink", async () => {
    const out = await unpack(
      tarOf([
        { name: "f" },
        { name: "l", type: "2", target: "f" },
        { name: "h", type: "1", target: "l" },
      ]),
      "x.tar",
    );
    expect(treeOf(out)).toEqual(["f 644 f ", "l h -> f", "l l -> f"]);
  });

  test("setuid, setgid and sticky bits go", async () => {
    const out = await unpack(tarOf([{ name: "f", mode: 0o7711 }]), "x.tar");
    expect(treeOf(out)).toEqual(["f 755 f "]);
  });

  test("a whole compressed stream needs no end mark, a plain tar does", async () => {
    const open = tarOf([{ name: "f" }], 0);
    expect(treeOf(await unpack(zlib.gzipSync(open), "x.tgz"))).toEqual(["f 644 f "]);
    await expect(unpack(open, "x.tar")).rejects.toThrow(/cut off/);
  });

  test("links that stay inside are kept, also through other links", async () => {
    const out = await unpack(
      tarOf([
        { name: "d/e/f" },
        { name: "up", type: "2", target: "d/e/.." },
        { name: "d/e/back", type: "2", target: "../../up/e/f" },
        { name: "loop", type: "2", target: "loop" },
        { name: "nowhere", type: "2", target: "missing/file" },
      ]),
      "x.tar",
    );
    expect(treeOf(out).filter((line) => line.startsWith("l"))).toHaveLength(4);
  });
});

describe("the machine", () => {
  test("a missing program is named, with how to get it", async () => {
    const archive = fs.readFileSync(join(made, "pax.tar.xz"));
    const poor = {
      ...world,
      processes: {
        ...world.processes,
        capture: (command: Parameters<World["processes"]["capture"]>[0]) =>
          world.processes.capture({ ...command, environment: { PATH: "/nowhere" } }),
      },
    };
    await expect(unpack(archive, "x.tar.xz", { world: poor })).rejects.toMatchObject({
      kind: "machine",
      code: "ARCHIVE_PROGRAM_MISSING",
      hints: [expect.stringContaining("apt-get install xz-utils")],
    });
  });

  test("a zip of an empty tree and an empty tar", async () => {
    expect(treeOf(await unpack(zipOf([]), "x"))).toEqual([]);
    expect(treeOf(await unpack(tarOf([], 10_240), "x.tar"))).toEqual([]);
  });
});
