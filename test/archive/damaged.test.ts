/** Archives damaged at every byte: always a TenonError or the right content, never anything else. */
import { join } from "node:path";
import * as fs from "node:fs";
import { expect, test } from "vitest";
import { readZip, unpackArchive } from "../../src/archive/index.ts";
import { TenonError } from "../../src/core/index.ts";
import { createRealWorld, type Disk } from "../../src/world/index.ts";
import { paxOf, tarOf } from "./tar-writer.ts";
import { temporaryFolder, treeOf } from "./temporary.ts";
import { zipOf } from "./zip-writer.ts";

const world = createRealWorld({});
const folder = temporaryFolder();

const zips = {
  plain: zipOf([
    { name: "a/", mode: 0o040755 },
    { name: "a/f", content: "hello hello hello" },
    { name: "g", content: "stored", stored: true, described: true },
  ]),
  wide: zipOf([{ name: "f", content: "hello" }], { wide: true, comment: "note" }),
};

/** A disk on which every file has this content. */
function diskWith(content: Uint8Array): Disk {
  const status = world.disk.status(folder);
  return {
    ...world.disk,
    readSlice: (_path, offset, length) => content.subarray(offset, offset + length),
    statusOfTarget: () => status && { ...status, type: "file", sizeBytes: content.length },
  };
}

function contentsOf(archive: Uint8Array): string[] | TenonError {
  try {
    const zip = readZip(diskWith(archive), "/x.zip", "x.zip");
    return zip.entries.map((entry) => Buffer.from(zip.read(entry)).toString());
  } catch (error) {
    if (error instanceof TenonError && error.kind === "source") return error;
    throw error;
  }
}

test.each(Object.entries(zips))("a zip file cut at every byte is refused: %s", (_, archive) => {
  for (let length = 0; length < archive.length; length += 1)
    expect(contentsOf(archive.subarray(0, length))).toBeInstanceOf(TenonError);
});

test.each(Object.entries(zips))(
  "a zip file with any byte changed gives no other content: %s",
  (_, archive) => {
    const right = contentsOf(archive);
    let refused = 0;
    for (let at = 0; at < archive.length; at += 1) {
      for (const change of [0x01, 0x80, 0xff]) {
        const changed = Buffer.from(archive);
        changed[at] = (changed[at] ?? 0) ^ change;
        const contents = contentsOf(changed);
        if (contents instanceof TenonError) refused += 1;
        else expect(contents).toEqual(right);
      }
    }
    expect(refused).toBeGreaterThan(archive.length);
  },
);

// The blocks between these headers hold content, which tar does not protect. A step that is
// coprime to the block size meets every field.
const headerBytes = [0, 1024, 2048].flatMap((start) =>
  Array.from({ length: 73 }, (_, step) => start + step * 7),
);

test("a tar archive with a changed byte in a header is refused", async () => {
  const archive = tarOf([
    paxOf({ path: "d/long", mtime: "12.5" }),
    { name: "short", content: "hello" },
    { name: "l", type: "2", target: "d/long" },
  ]);
  const file = join(folder, "damaged.tar");
  const directory = join(folder, "out");
  for (const at of headerBytes) {
    const changed = Buffer.from(archive);
    changed[at] = (changed[at] ?? 0) ^ 0x41;
    fs.writeFileSync(file, changed);
    fs.mkdirSync(directory);
    const error = await unpackArchive({ world, archive: file, directory }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(TenonError);
    expect(treeOf(directory)).toEqual([]);
    fs.rmdirSync(directory);
  }
});
