/** Writes a bundle: a script that unpacks itself (head.ts), or the same archive alone, which only tenon reads. */
import { Readable } from "node:stream";
import { createGzip } from "node:zlib";
import { assert, digestOf, startDigest } from "../core/index.ts";
import { placeholder } from "../relocation/index.ts";
import { type PackageRecord, statePath } from "../prefix/index.ts";
import { removeTree, type World } from "../world/index.ts";
import { type Head, renderHead } from "./head.ts";
import { inLargePieces } from "./tar-writer.ts";
import { isRelocated, payloadOf, type PortablePackage } from "./payload.ts";
import type { Requirements } from "./requirements.ts";

interface BundleToWrite {
  readonly packages: readonly PortablePackage[];
  /** What the packages are together. */
  readonly name: string;
  /** The version of tenon. */
  readonly tool: string;
  readonly requirements: Requirements;
  /** The bill of materials, as SPDX. */
  readonly bill: string;
  /** Absolute; replaced when all is written. */
  readonly file: string;
}

/** The folder of tenon's own files where a bundle puts its bill of materials, for whoever looks for one. */
export const billPath = `${statePath}/sbom.spdx.json`;

/** The same packages give the same bytes. Gives the size of the file. */
export function writeBundle(world: World, bundle: BundleToWrite): Promise<number> {
  const { packages, name, tool, requirements, bill, file } = bundle;
  const head = renderHead({
    name,
    tool,
    packages: packages.length,
    requirements,
    ...(isRelocated(packages) ? { longestPath: placeholder.length } : {}),
  });
  const records = packages.map(({ record }) => record);
  const more = new Map([[billPath, bill], historyOf(records, "tenon bundle")]);
  return writeUnpacking(world, { head, file, chunks: payloadOf({ packages, head, more }) });
}

interface UnpackingFile {
  readonly head: Head;
  /** The archive, with `tree/` and `relocate` in it. */
  readonly chunks: Iterable<Uint8Array>;
  /** Absolute; replaced when all is written. */
  readonly file: string;
}

/** Gives the size of the file. */
export async function writeUnpacking(
  world: World,
  { head, chunks, file }: UnpackingFile,
): Promise<number> {
  const { disk, clock } = world;
  const [packed, whole] = ["payload", "new"].map((end) => `${file}.${clock.uniqueId()}-${end}`);
  if (packed === undefined || whole === undefined) return 0;
  try {
    await writePacked(world, packed, chunks);
    const sizeBytes = join(world, { head, packed, whole });
    disk.rename(whole, file);
    return sizeBytes;
  } finally {
    for (const each of [packed, whole]) removeTree(disk, each);
  }
}

async function writePacked(
  { disk }: World,
  file: string,
  chunks: Iterable<Uint8Array>,
): Promise<void> {
  const writer = disk.openWriter(file);
  try {
    const stream = Readable.from(inLargePieces(chunks)).compose(createGzip({ level: 6 }));
    for await (const chunk of stream) writer.write(chunk as Uint8Array);
  } finally {
    writer.close();
  }
}

/** Puts the script before the archive, with the digest of both in it. */
function join(
  { disk }: World,
  { head, packed, whole }: { head: Head; packed: string; whole: string },
): number {
  const text = Buffer.from(head.text);
  const [before, behind] = [text.subarray(0, head.digestAt), text.subarray(head.digestAt + 64)];
  const digest = startDigest();
  digest.update(before);
  digest.update(behind);
  for (const chunk of disk.readChunks(packed)) digest.update(chunk);
  const writer = disk.openWriter(whole, { mode: 0o755 });
  let sizeBytes = text.length;
  try {
    writer.write(Buffer.concat([before, Buffer.from(digest.digest()), behind]));
    for (const chunk of disk.readChunks(packed)) {
      writer.write(chunk);
      sizeBytes += chunk.length;
    }
  } finally {
    writer.close();
  }
  return sizeBytes;
}

/** Of the packages alone, so that everybody gets the same. */
export function transactionOf(artifacts: readonly string[]): string {
  return `19800101T000000Z-${digestOf(artifacts.join()).slice(0, 16)}`;
}

/** The entry of the history where the packages come to: its path in the prefix, and its text. */
export function historyOf(
  records: readonly PackageRecord[],
  activity: string,
): [path: string, text: string] {
  const [first] = records;
  assert(first !== undefined, "there are no packages");
  const { transaction: id, installedAtMs: atMs } = first;
  const changes = records.map(({ name, version }) => ({ package: name, from: null, to: version }));
  const entry = { format: 1, id, sequence: 1, activity, atMs, changes };
  return [`${statePath}/history/${id}.json`, `${JSON.stringify(entry, null, 2)}\n`];
}
