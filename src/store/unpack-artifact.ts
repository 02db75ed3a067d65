/**
 * Takes an artifact in from what `pack-artifact.ts` has made of it, wherever that came from.
 *
 * Nothing of it is believed. The bytes are counted and hashed as they come, and no more are taken than were promised. The
 * rows of the manifest are checked by the artifact's digest before anything is written; each file is hashed while it is
 * written, at a place that only the rows name, below a new folder; and only a whole artifact comes into the store.
 */
import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import {
  type Digest,
  digestOf,
  type Entry,
  type FileEntry,
  fromRows,
  isDigest,
  type Json,
  type Manifest,
  parentOf,
  startDigest,
  TenonError,
  tooLong,
} from "../core/index.ts";
import { type Disk, isDiskError, type World } from "../world/index.ts";
import { rowsText } from "./manifest-file.ts";
import { contentsOf, packStart } from "./pack-artifact.ts";
import type { Store } from "./store.ts";

export interface PackToUnpack {
  /** How errors name it. */
  readonly name: string;
  readonly bytes: AsyncIterable<Uint8Array>;
  /** What it has to be, where somebody has promised that. */
  readonly artifact?: Digest;
  /** Of the packed bytes: how many, and their digest. */
  readonly packed?: { readonly sizeBytes: number; readonly sha256: Digest };
}

interface UnpackedArtifact {
  readonly artifact: Digest;
  readonly manifest: Manifest;
  readonly about: Json;
}

/**
 * Puts it into the store; one that the store has is only checked. Throws a TenonError of kind `source`: `PACK_CUT` where
 * bytes are missing, `PACK_WRONG` where it is not what was promised, or no artifact. What reading the bytes throws goes
 * through.
 */
export async function unpackArtifact(
  { disk, clock }: World,
  store: Pick<Store, "makeScratch" | "removeScratch" | "addArtifactAside">,
  pack: PackToUnpack,
): Promise<UnpackedArtifact> {
  const scratch = `unpack-${clock.uniqueId()}`;
  const tree = `${store.makeScratch(scratch)}/tree`;
  const reader = readerOf(pack);
  try {
    const header = await readHeader(reader, pack);
    makeFolders(disk, tree, header.manifest);
    for (const entry of contentsOf(header.manifest))
      await writeContent(disk, `${tree}/${entry.path}`, { entry, reader, pack });
    await reader.end();
    finishTree(disk, tree, header.manifest);
    await store.addArtifactAside({ tree, manifest: header.manifest });
    return header;
  } finally {
    await reader.close();
    store.removeScratch(scratch);
  }
}

const longestHeader = 1 << 27;
const longestLine = 32;

/** Everything before the contents, checked. */
async function readHeader(reader: Reader, pack: PackToUnpack): Promise<UnpackedArtifact> {
  if ((await reader.line(longestLine)) !== packStart)
    throw wrong(pack, "it is not a packed artifact");
  const length = Number(await reader.line(longestLine));
  if (!Number.isSafeInteger(length) || length < 1 || length > longestHeader)
    throw wrong(pack, "its header has a length that cannot be");
  const text = Buffer.from(await reader.take(length)).toString("utf8");
  const { artifact, about, rows } = parse(pack, text);
  const manifest = readRows(pack, rows);
  if (!isDigest(artifact) || digestOf(rowsText(manifest)) !== artifact)
    throw wrong(pack, "its list of files is not the one that its digest is about");
  if (pack.artifact !== undefined && artifact !== pack.artifact)
    throw wrong(pack, `it has the artifact ${artifact} and not ${pack.artifact}`);
  return { artifact, manifest, about: about ?? null };
}

interface RawHeader {
  readonly artifact?: unknown;
  readonly about?: Json;
  readonly rows?: unknown;
}

function parse(pack: PackToUnpack, text: string): RawHeader {
  try {
    return (JSON.parse(text) ?? {}) as RawHeader;
  } catch {
    throw wrong(pack, "its header is no JSON");
  }
}

/** Each entry lies in a folder of the same list, under a name that a file system takes. */
function readRows(pack: PackToUnpack, rows: unknown): Manifest {
  const manifest = asManifest(pack, rows);
  const folders = new Set([""]);
  for (const { type, path } of manifest) {
    if (!folders.has(parentOf(path))) throw wrong(pack, `${path} lies in no folder of its list`);
    if (tooLong(path) !== undefined) throw wrong(pack, `${path} is longer than a path can be`);
    if (type === "directory") folders.add(path);
  }
  return manifest;
}

function asManifest(pack: PackToUnpack, rows: unknown): Manifest {
  try {
    return fromRows(rows, pack.name);
  } catch (error) {
    if (error instanceof TenonError) throw wrong(pack, error.message);
    throw error;
  }
}

function makeFolders(disk: Disk, tree: string, manifest: Manifest): void {
  disk.makeDirectory(tree);
  for (const { type, path } of manifest)
    if (type === "directory") disk.makeDirectory(`${tree}/${path}`);
}

async function writeContent(
  disk: Disk,
  place: string,
  from: { readonly entry: FileEntry; readonly reader: Reader; readonly pack: PackToUnpack },
): Promise<void> {
  const { entry, reader, pack } = from;
  const digest = startDigest();
  const writer = disk.openWriter(place, { mode: entry.mode });
  try {
    for (let missing = entry.sizeBytes; missing > 0;) {
      const piece = await reader.some(missing);
      missing -= piece.length;
      digest.update(piece);
      writer.write(piece);
    }
  } finally {
    writer.close();
  }
  if (digest.digest() !== entry.sha256)
    throw wrong(pack, `${entry.path} has another content than its digest is about`);
}

/** What has the content of another file, the links, and the modes that writing takes off or needs otherwise. */
function finishTree(disk: Disk, tree: string, manifest: Manifest): void {
  const placeOf = new Map(contentsOf(manifest).map(({ sha256, path }) => [sha256, path]));
  for (const entry of manifest)
    if (entry.type !== "directory") finishEntry(disk, tree, entry, placeOf);
  for (const entry of manifest.toReversed())
    if (entry.type === "directory" && entry.mode !== 0o755)
      disk.setMode(`${tree}/${entry.path}`, entry.mode);
}

function finishEntry(
  disk: Disk,
  tree: string,
  entry: Exclude<Entry, { type: "directory" }>,
  placeOf: ReadonlyMap<Digest, string>,
): void {
  const place = `${tree}/${entry.path}`;
  if (entry.type === "link") return disk.makeLink(place, entry.target);
  const first = placeOf.get(entry.sha256) ?? entry.path;
  if (first !== entry.path) disk.copyFile(`${tree}/${first}`, place);
  if (first !== entry.path || entry.mode > 0o777) disk.setMode(place, entry.mode);
}

/** The plain bytes of a pack, in the pieces that are asked for; `PACK_CUT` where there are no more. */
interface Reader {
  line(limit: number): Promise<string>;
  take(length: number): Promise<Uint8Array>;
  /** At least one byte, and at most so many. */
  some(limit: number): Promise<Uint8Array>;
  /** Throws where there is more, or the whole was not what was promised. */
  end(): Promise<void>;
  close(): Promise<void>;
}

function readerOf(pack: PackToUnpack): Reader {
  const iterator = unzip(pack)[Symbol.asyncIterator]();
  let rest: Uint8Array = new Uint8Array();
  const fill = async (): Promise<boolean> => {
    while (rest.length === 0) {
      const step = await iterator.next();
      if (step.done === true) return false;
      rest = step.value;
    }
    return true;
  };
  const some = async (limit: number): Promise<Uint8Array> => {
    if (!(await fill())) throw cut(pack);
    const piece = rest.subarray(0, limit);
    rest = rest.subarray(piece.length);
    return piece;
  };
  const take = async (length: number): Promise<Uint8Array> => {
    const pieces: Uint8Array[] = [];
    for (let missing = length; missing > 0;) {
      const piece = await some(missing);
      pieces.push(piece);
      missing -= piece.length;
    }
    return Buffer.concat(pieces);
  };
  return {
    some,
    take,
    line: async (limit) => {
      let line = "";
      for (let left = limit; left > 0; left -= 1) {
        const [byte = 0] = await some(1);
        if (byte === 10) return line;
        line += String.fromCharCode(byte);
      }
      throw wrong(pack, "it is not a packed artifact");
    },
    end: async () => {
      if (await fill()) throw wrong(pack, "it has more than its list of files");
    },
    close: async () => void (await iterator.return?.()),
  };
}

async function* unzip(pack: PackToUnpack): AsyncGenerator<Uint8Array, void> {
  const decoder = createGunzip();
  let failure: unknown;
  const packed = Readable.from(
    counted(pack, (error) => (failure = error)),
    { objectMode: false },
  );
  pipeline(packed, decoder, () => {}); // a failure comes out of the loop below
  try {
    for await (const piece of decoder) yield piece as Uint8Array;
  } catch (error) {
    if (failure !== undefined || isDiskError(error)) throw failure ?? error;
    const { code } = error as { readonly code?: string };
    if (code === "Z_BUF_ERROR") throw cut(pack);
    throw wrong(pack, `it cannot be decompressed (${code ?? String(error)})`);
  }
}

/** The packed bytes, counted and hashed on their way. */
async function* counted(
  pack: PackToUnpack,
  fail: (error: unknown) => void,
): AsyncGenerator<Uint8Array, void> {
  const { packed } = pack;
  const digest = startDigest();
  let sizeBytes = 0;
  try {
    for await (const piece of pack.bytes) {
      sizeBytes += piece.length;
      if (packed !== undefined && sizeBytes > packed.sizeBytes)
        throw wrong(pack, `it has more than the ${packed.sizeBytes} bytes that were promised`);
      digest.update(piece);
      yield piece;
    }
    if (packed === undefined) return;
    if (sizeBytes < packed.sizeBytes) throw cut(pack);
    if (digest.digest() !== packed.sha256)
      throw wrong(pack, "its bytes are not those that its digest is about");
  } catch (error) {
    fail(error);
    throw error;
  }
}

function cut(pack: PackToUnpack): TenonError {
  return new TenonError({
    kind: "source",
    code: "PACK_CUT",
    message: `${pack.name} is cut off: bytes are missing at its end`,
  });
}

function wrong(pack: PackToUnpack, what: string): TenonError {
  return new TenonError({
    kind: "source",
    code: "PACK_WRONG",
    message: `${pack.name} is refused: ${what}`,
  });
}
