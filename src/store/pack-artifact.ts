/**
 * An artifact as one file, which any other store can take in: `unpack-artifact.ts` reads it.
 *
 * It is a gzip stream of `tenon artifact 1`, the number of bytes of a header in JSON, that header, and then the content
 * of each file, in the order of the manifest, each content once. The header has the rows of the manifest, which say how
 * long each content is, and what the packer wants to say about it. Nothing tells a time, a user, a host or a prefix, so
 * that an artifact gives the same bytes everywhere, as long as zlib is the same.
 */
import { pipeline, Readable } from "node:stream";
import { createGzip } from "node:zlib";
import { type Digest, type FileEntry, type Json, startDigest, TenonError } from "../core/index.ts";
import type { World } from "../world/index.ts";
import { rowsText } from "./manifest-file.ts";
import type { Store } from "./store.ts";

export const packStart = "tenon artifact 1";

/** What a pack says before the files. */
interface PackHeader {
  readonly artifact: Digest;
  /** The packer's own; not part of what the artifact's digest is about. */
  readonly about?: Json;
}

/**
 * The bytes of a pack, piece by piece. Throws where the store does not have the artifact, or a file of it that is as it
 * was made.
 */
export async function* packArtifact(
  { disk }: World,
  store: Pick<Store, "layout" | "manifestOf">,
  { artifact, about }: PackHeader,
): AsyncGenerator<Uint8Array, void> {
  const manifest = store.manifestOf(artifact);
  const tree = store.layout.artifactTree(artifact);
  const header = Buffer.from(
    `{"artifact":"${artifact}","about":${JSON.stringify(about ?? null)},"rows":${rowsText(manifest)}}`,
  );
  const plain = function* (): Generator<Uint8Array> {
    yield Buffer.from(`${packStart}\n${header.length}\n`);
    yield header;
    for (const entry of contentsOf(manifest)) yield* contentOf(disk, tree, entry);
  };
  const packed = createGzip({ level: 6 });
  pipeline(Readable.from(inLargePieces(plain())), packed, () => {}); // a failure comes out of the loop below
  for await (const piece of packed) yield piece as Uint8Array;
}

const largeBytes = 1 << 18;

/** A stream takes as long for a small piece as for a large one, and most files are small. */
function* inLargePieces(pieces: Iterable<Uint8Array>): Generator<Uint8Array> {
  let waiting: Uint8Array[] = [];
  let bytes = 0;
  for (const piece of pieces) {
    waiting.push(piece);
    bytes += piece.length;
    if (bytes < largeBytes) continue;
    yield Buffer.concat(waiting);
    [waiting, bytes] = [[], 0];
  }
  yield Buffer.concat(waiting);
}

/** The files whose content a pack has, in its order: of files with the same content, the first. */
export function contentsOf(manifest: Iterable<{ readonly type: string }>): FileEntry[] {
  const first = new Map<Digest, FileEntry>();
  for (const entry of manifest as Iterable<FileEntry>) {
    if (entry.type === "file" && !first.has(entry.sha256)) first.set(entry.sha256, entry);
  }
  return [...first.values()];
}

function* contentOf(
  disk: World["disk"],
  tree: string,
  { path, sha256, sizeBytes }: FileEntry,
): Generator<Uint8Array> {
  const file = `${tree}/${path}`;
  const digest = startDigest();
  const pieces = sizeBytes < largeBytes ? [disk.readFile(file)] : disk.readChunks(file);
  for (const piece of pieces) {
    digest.update(piece);
    yield piece;
  }
  if (digest.digest() === sha256) return;
  throw new TenonError({
    kind: "machine",
    code: "STORE_DAMAGED",
    message: `the store's ${tree}/${path} is not as it was built, so it cannot be packed`,
    hints: ["`tenon build` finds that out, too, and builds its package again."],
  });
}
