/**
 * Reads a bundle back, for tenon: the packages as their artifacts have them. The script in it is never run. Nothing of it is
 * believed: whoever takes files of it checks them by the digests of the manifests, and these by those of the artifacts.
 */
import { createGunzip } from "node:zlib";
import { Readable } from "node:stream";
import { readTar } from "../archive/index.ts";
import { type Entry, namesPrefix, startDigest, TenonError } from "../core/index.ts";
import { type PackageRecord, parseRecord, recordLimitBytes } from "../prefix/index.ts";
import { fromMapRow, placeholder, type MapPlace } from "../relocation/index.ts";
import { makeDirectories, readText, removeTree, type World } from "../world/index.ts";
import { sortFiles } from "./payload.ts";

export interface OpenBundle {
  /** As the artifacts are, without what a prefix has. */
  readonly records: readonly PackageRecord[];
  /** The file with the content of a path; undefined where the bundle has none. */
  readonly fileOf: (path: string) => string | undefined;
}

/** `scratch` is an empty folder, which is the caller's to remove. */
export async function openBundle(
  world: World,
  bundle: string,
  scratch: string,
): Promise<OpenBundle> {
  const { disk } = world;
  const archiveAt = checkWhole(world, bundle);
  const members = openMembers(world, `${scratch}/members`);
  await members.take(bundle, unpacked(world, bundle, archiveAt));
  const list = members.fileOf("packages.json");
  if (list === undefined) throw wrong(bundle, "it has no list of packages");
  const records = parseList(readText(disk, list), bundle);
  const binaries = openMembers(world, `${scratch}/binaries`);
  const pieces = piecesIn(world, { bundle, records, fileOf: members.fileOf });
  if (pieces !== undefined) await binaries.take(bundle, pieces);
  return {
    records,
    fileOf: (path) =>
      members.fileOf(`originals/${path}`) ??
      members.fileOf(`tree/${path}`) ??
      binaries.fileOf(path),
  };
}

const longestScript = 1 << 20;

/** Gives where the archive begins. */
function checkWhole({ disk }: World, bundle: string): number {
  const start = Buffer.from(disk.readSlice(bundle, 0, longestScript)).toString("latin1");
  const sum = /^#!\/bin\/sh\n#[^\n]*\nsum=([0-9a-f]{64})\n/.exec(start);
  const archiveAt = Number(/^self=\$0; .* tail=(\d+);/m.exec(start)?.[1]) - 1;
  if (sum === null || !Number.isSafeInteger(archiveAt))
    throw wrong(bundle, "it is not a file that `tenon bundle` has made");
  const [head = "", stated = ""] = sum;
  const digestAt = head.length - stated.length - 1;
  const digest = startDigest();
  digest.update(disk.readSlice(bundle, 0, digestAt));
  for (const chunk of disk.readChunks(bundle, digestAt + stated.length)) digest.update(chunk);
  if (digest.digest() !== stated) throw wrong(bundle, "it is cut, or bytes of it are changed");
  return archiveAt;
}

/** What is packed may be this many times larger, and something more. */
const mostGrowth = 1100;

async function* unpacked(
  { disk }: World,
  bundle: string,
  fromByte: number,
): AsyncGenerator<Uint8Array, void> {
  const limit = (disk.statusOfTarget(bundle)?.sizeBytes ?? 0) * mostGrowth;
  let sizeBytes = 0;
  const stream = Readable.from(disk.readChunks(bundle, fromByte)).compose(createGunzip());
  try {
    for await (const chunk of stream) {
      sizeBytes += (chunk as Uint8Array).length;
      if (sizeBytes > limit) throw wrong(bundle, "it unpacks to more than it can have packed");
      yield chunk as Uint8Array;
    }
  } catch (error) {
    if (error instanceof TenonError) throw error;
    throw wrong(bundle, `it cannot be decompressed: ${String(error)}`);
  }
}

/** The files of an archive, each under a number in a folder: their names mean nothing to the disk. */
function openMembers({ disk }: World, folder: string) {
  const places = new Map<string, string>();
  makeDirectories(disk, folder);
  return {
    fileOf: (name: string): string | undefined => places.get(name),
    take: (archive: string, bytes: AsyncIterable<Uint8Array>): Promise<void> =>
      readTar(bytes, {
        archive,
        needsEnd: true,
        take: async ({ type, name }, body) => {
          if (type !== "file") return;
          const known = places.get(name);
          if (known !== undefined) removeTree(disk, known);
          const place = known ?? `${folder}/${places.size}`;
          places.set(name, place);
          const writer = disk.openWriter(place);
          try {
            for await (const chunk of body) writer.write(chunk);
          } finally {
            writer.close();
          }
        },
      }),
  };
}

function parseList(text: string, bundle: string): PackageRecord[] {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    throw wrong(bundle, "its list of packages is not JSON");
  }
  if (!Array.isArray(list) || text.length > recordLimitBytes)
    throw wrong(bundle, "its list of packages is not one");
  return list.map((each: unknown) => {
    const { name } = (each ?? {}) as { readonly name?: unknown };
    return parseRecord(JSON.stringify(each), `${bundle}/${String(name)}.json`);
  });
}

interface Pieces {
  readonly bundle: string;
  readonly records: readonly PackageRecord[];
  readonly fileOf: OpenBundle["fileOf"];
}

/** The archive of binary files with the placeholder between its pieces; undefined where there is none. */
function piecesIn(
  { disk }: World,
  { bundle, records, fileOf }: Pieces,
): AsyncGenerator<Uint8Array, void> | undefined {
  const places = sortFiles(records).flatMap(placesOf);
  if (places.length === 0) return undefined;
  return (async function* () {
    for (let at = 0, next = 0; ; at += 1) {
      const piece = fileOf(`parts/${at}`);
      if (piece !== undefined) {
        yield* disk.readChunks(piece);
        continue;
      }
      const place = places[next];
      if (place === undefined) return;
      next += 1;
      yield Buffer.from(textOf(place, bundle));
    }
  })();
}

function placesOf(entry: Entry): readonly MapPlace[] {
  if (!namesPrefix(entry) || entry.relocation.map[0] !== "binary") return [];
  return fromMapRow(entry.relocation.map, entry.sizeBytes)?.places ?? [];
}

function textOf(place: MapPlace, bundle: string): string {
  if (place.kind === "path") return placeholder;
  if (place.kind === "piece") return placeholder.slice(place.start, place.start + place.length);
  throw wrong(bundle, "a binary file of it has a place that only a text can have");
}

function wrong(bundle: string, what: string): TenonError {
  return new TenonError({
    kind: "source",
    code: "BUNDLE_WRONG",
    message: `${bundle} is refused: ${what}`,
    hints: ["Get the file again, or make it again with `tenon bundle`."],
  });
}
