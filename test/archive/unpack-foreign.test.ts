/** What is compressed in a way that only programs know, in memory. */
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { unpackForeign } from "../../src/archive/unpack-foreign.ts";
import { createRealWorld } from "../../src/world/index.ts";
import { temporaryFolder } from "./temporary.ts";

const folder = temporaryFolder();
const world = createRealWorld({});

async function unpack(content: Uint8Array): Promise<string | undefined> {
  const file = `${folder}/file`;
  fs.writeFileSync(file, content);
  const source = { world, file, name: "file", temporary: `${folder}/temporary` };
  const unpacked = await unpackForeign(source, content);
  expect(fs.readdirSync(folder)).toEqual(["file"]);
  return unpacked && Buffer.from(unpacked).toString();
}

const xz = spawnSync("xz", ["-c"], { input: "text" }).stdout;

test.skipIf(xz === null)("by its program; what is damaged gives nothing (needs xz)", async () => {
  expect(await unpack(xz)).toBe("text");
  expect(await unpack(xz.subarray(0, 20))).toBeUndefined();
});

test("what needs no program is not unpacked here", async () => {
  expect(await unpack(gzipSync("text"))).toBeUndefined();
  expect(await unpack(Buffer.from("text"))).toBeUndefined();
});
