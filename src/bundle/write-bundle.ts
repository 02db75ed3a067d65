/** Writes a bundle: a script that unpacks itself (head.ts), or the same archive alone, which only tenon reads. */
import { Readable } from "node:stream";
import { createGzip } from "node:zlib";
import { digestOf, startDigest, TenonError } from "../core/index.ts";
import { placeholder } from "../relocation/index.ts";
import { statePath } from "../prefix/index.ts";
import { removeTree, type World } from "../world/index.ts";
import { type Head, renderHead } from "./head.ts";
import { isRelocated, payloadOf, type PortablePackage } from "./payload.ts";
import type { Requirements } from "./requirements.ts";

export interface BundleToWrite {
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
export async function writeBundle(world: World, bundle: BundleToWrite): Promise<number> {
  const { disk, clock } = world;
  const { packages, name, tool, requirements, bill, file } = bundle;
  const [packed, whole] = ["payload", "new"].map((end) => `${file}.${clock.uniqueId()}-${end}`);
  if (packed === undefined || whole === undefined) return 0;
  const head = renderHead({
    name,
    tool,
    packages: packages.length,
    requirements,
    ...(isRelocated(packages) ? { longestPath: placeholder.length } : {}),
  });
  const more = new Map([
    [billPath, bill],
    [historyPath(packages), historyText(packages)],
  ]);
  try {
    await writePacked(world, packed, payloadOf({ packages, head, more }));
    const sizeBytes = join(world, { head, packed, whole });
    disk.rename(whole, file);
    return sizeBytes;
  } finally {
    for (const each of [packed, whole]) removeTree(disk, each);
  }
}

const batchBytes = 1 << 18;

async function writePacked(
  { disk }: World,
  file: string,
  chunks: Iterable<Uint8Array>,
): Promise<void> {
  const writer = disk.openWriter(file);
  try {
    const stream = Readable.from(inBatches(chunks)).compose(createGzip({ level: 6 }));
    for await (const chunk of stream) writer.write(chunk as Uint8Array);
  } finally {
    writer.close();
  }
}

function* inBatches(chunks: Iterable<Uint8Array>): Generator<Uint8Array> {
  let batch: Uint8Array[] = [];
  let sizeBytes = 0;
  for (const chunk of chunks) {
    batch.push(Buffer.from(chunk)); // a chunk may be overwritten by the next one
    sizeBytes += chunk.length;
    if (sizeBytes < batchBytes) continue;
    yield Buffer.concat(batch);
    [batch, sizeBytes] = [[], 0];
  }
  yield Buffer.concat(batch);
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

function historyPath([first]: readonly PortablePackage[]): string {
  if (first === undefined)
    throw new TenonError({ kind: "usage", code: "NO_PACKAGES", message: "there are no packages" });
  return `${statePath}/history/${first.record.transaction}.json`;
}

function historyText(packages: readonly PortablePackage[]): string {
  const [first] = packages;
  const entry = {
    format: 1,
    id: first?.record.transaction,
    sequence: 1,
    activity: "tenon bundle",
    atMs: first?.record.installedAtMs,
    changes: packages.map(({ record }) => ({
      package: record.name,
      from: null,
      to: record.version,
    })),
  };
  return `${JSON.stringify(entry, null, 2)}\n`;
}
