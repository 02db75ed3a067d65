/** Tars with odd members, damaged in odd places: what was in them comes out, or a sentence. */
import { execFileSync } from "node:child_process";
import * as zlib from "node:zlib";
import * as fc from "fast-check";
import { unpackArchive } from "../../src/archive/index.ts";
import { createRealWorld } from "../../src/world/index.ts";
import { paxOf, type TarMember, tarOf } from "../archive/tar-writer.ts";
import { temporaryFolder } from "../archive/temporary.ts";
import { byteEdits, edited } from "./byte-edits.ts";
import { fuzz } from "./fuzzing.ts";
import { oddPath } from "./odd-paths.ts";
import { tryIn } from "./sandbox.ts";

const world = createRealWorld({});
const folder = temporaryFolder();

/** Those that tars have, and those that nobody has. */
const types = [..."00000011225577LKxgXVSDMN346", "\0", "\u00ff"];
const content = fc.constantFrom(
  "",
  "text",
  "x".repeat(512),
  "y".repeat(1500),
  "a/b\0",
  "12 path=../x\n",
);

const plainMember: fc.Arbitrary<TarMember> = fc.record(
  {
    name: oddPath,
    type: fc.constantFrom(...types),
    target: oddPath,
    content,
    mode: fc.constantFrom(0, 0o644, 0o755, 0o4755, 0o7777),
    modifiedSeconds: fc.constantFrom(0, 1, 1_000_000_000, 0o77777777777),
    prefix: oddPath,
    declaredBytes: fc.constantFrom(0, 1, 511, 512, 513, 1 << 20, 0o77777777777),
    checksumError: fc.constantFrom(0, 0, 0, 0, 0, 1),
    sizeField: fc.constantFrom(
      "-1",
      "99999999999",
      "\u0080\0\0\0\0\0\0\0\0\0\0\u0001",
      "\u00ff".repeat(12),
    ),
  },
  { requiredKeys: ["name"] },
);

const record = fc.tuple(
  fc.constantFrom("path", "linkpath", "size", "mtime", "comment", "GNU.sparse.major", "hdrcharset"),
  fc.oneof(
    oddPath,
    fc.constantFrom("", "1", "-1", "1e9", "99999999999999999999", "0.5", "1.", "NaN"),
  ),
);
const paxMember = fc
  .tuple(fc.array(record, { maxLength: 3 }), fc.constantFrom("x", "g"))
  .map(([records, type]) => paxOf(Object.fromEntries(records), type));

const members = fc.array(fc.oneof({ arbitrary: plainMember, weight: 4 }, paxMember), {
  maxLength: 8,
});

const packings = ["none", "none", "none", "gzip", "gzip", "two gzips", "bzip2"] as const;

function pack(tar: Buffer, packing: (typeof packings)[number]): Buffer {
  switch (packing) {
    case "none":
      return tar;
    case "gzip":
      return zlib.gzipSync(tar);
    case "two gzips":
      return Buffer.concat([zlib.gzipSync(tar.subarray(0, 700)), zlib.gzipSync(tar.subarray(700))]);
    case "bzip2":
      return execFileSync("bzip2", ["-c"], { input: tar });
  }
}

const input = fc.record({
  members,
  end: fc.constantFrom(1024, 1024, 512, 0, 10_240),
  edits: byteEdits,
  packing: fc.constantFrom(...packings),
  packedEdits: byteEdits,
  name: fc.constantFrom("x.tar", "x.tar.gz", "x.zip", "x"),
  keepRoot: fc.boolean(),
});

fuzz("a tar", input, async ({ members, end, edits, packing, packedEdits, name, keepRoot }) => {
  const tar = edited(tarOf(members, end), edits);
  await tryIn(folder, edited(pack(tar, packing), packedEdits), ({ archive, out }) =>
    unpackArchive({ world, archive, directory: out, name, keepRoot }),
  );
});
