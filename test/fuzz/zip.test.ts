/** Zip files whose fields contradict each other, damaged in odd places: unpacked, or refused with a sentence. */
import * as fc from "fast-check";
import { unpackArchive } from "../../src/archive/index.ts";
import { createRealWorld } from "../../src/world/index.ts";
import { temporaryFolder } from "../archive/temporary.ts";
import { type ZipFacts, type ZipMember, zipOf } from "../archive/zip-writer.ts";
import { byteEdits, edited } from "./byte-edits.ts";
import { fuzz } from "./fuzzing.ts";
import { oddPath } from "./odd-paths.ts";
import { tryIn } from "./sandbox.ts";

const world = createRealWorld({});
const folder = temporaryFolder();

const size = fc.constantFrom(0, 1, 4, 5, 1500, 0xffff, 0x7fff_ffff, 0xffff_fffe, 0xffff_ffff);
const extra = fc.constantFrom(
  Buffer.from([1, 0, 8, 0, 4, 0, 0, 0, 0, 0, 0, 0]),
  Buffer.from([1, 0, 24, 0, ...Array<number>(24).fill(0xff)]),
  Buffer.from([1, 0, 0, 0]),
  Buffer.from([0x75, 0x70, 6, 0, 1, 0, 0, 0, 0, 0x61]),
  Buffer.from([0xff]),
);

const member: fc.Arbitrary<ZipMember> = fc.record(
  {
    name: oddPath,
    content: fc.constantFrom("", "text", "x".repeat(1500), "../../secret", "a"),
    stored: fc.boolean(),
    mode: fc.constantFrom(0, 0o100644, 0o100755, 0o120777, 0o040755, 0o104755, 0o020644),
    flags: fc.constantFrom(0, 0, 1, 8, 0x800, 0x2000),
    method: fc.constantFrom(0, 8, 12),
    declaredBytes: size,
    compressedBytes: size,
    crc32: fc.constantFrom(0, 1),
    localName: oddPath,
    localBytes: size,
    sharedWith: fc.constantFrom(0, 1),
    offset: size,
    disk: fc.constantFrom(0, 1),
    extra,
    localExtra: extra,
    date: fc.constantFrom(0, 0x21, 0xffff),
    time: fc.constantFrom(0, 0xffff),
    described: fc.boolean(),
    trailing: fc.constantFrom(Buffer.from("x"), Buffer.alloc(20)),
  },
  { requiredKeys: ["name"] },
);
/** Most fields left right, or hardly any file would be read to its end. */
const nearlyRight = fc.record(
  {
    name: oddPath,
    content: fc.constantFrom("", "text", "../../secret", "a", "l"),
    mode: fc.constantFrom(0o100644, 0o120777),
    described: fc.boolean(),
  },
  { requiredKeys: ["name"] },
);

const facts: fc.Arbitrary<ZipFacts> = fc.record(
  {
    count: fc.constantFrom(0, 1, 2, 0xffff),
    directoryOffset: size,
    comment: fc.constantFrom("words", "PK\u0005\u0006".repeat(6)),
    diskNumber: fc.constantFrom(0, 1),
    wide: fc.boolean(),
    wideCount: fc.constantFrom(0, 1, 2),
    shortCount: fc.constantFrom(0, 1, 0xffff),
  },
  { requiredKeys: [] },
);

const input = fc.record({
  members: fc.array(fc.oneof({ arbitrary: nearlyRight, weight: 3 }, member), { maxLength: 5 }),
  facts: fc.oneof({ arbitrary: fc.constant({}), weight: 3 }, facts),
  edits: byteEdits,
  name: fc.constantFrom("x.zip", "x.tar.gz", "x"),
  keepRoot: fc.boolean(),
});

fuzz("a zip file", input, async ({ members, facts, edits, name, keepRoot }) => {
  await tryIn(folder, edited(zipOf(members, facts), edits), ({ archive, out }) =>
    unpackArchive({ world, archive, directory: out, name, keepRoot }),
  );
});
