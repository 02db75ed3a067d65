/** One file of a tree, read and searched for the path that the tree is at. */
import { unpackForeign } from "../../archive/index.ts";
import {
  describePin,
  type FilePin,
  type Renamed,
  renamer,
  type Renaming,
} from "../../relocation/index.ts";
import type { World } from "../../world/index.ts";

/** Something that still names the old path; with the package that has it, if one does. */
export interface LeftPlace extends FilePin {
  readonly package?: string;
}

/** `bin/x has … (text, at byte 3)`, of a package's file with the package. */
export function describeLeft(place: LeftPlace): string {
  const owner = place.package === undefined ? "" : `${place.package}: `;
  return `${owner}${describePin(place)}`;
}

/** Larger files are only looked at. */
const mostBytes = 1 << 30;

export interface FileSearch {
  /** `isAlone`: it has no other name in another folder, so that its own place can be told by where it is. */
  readonly search: (path: string, isAlone: boolean) => Promise<Renamed>;
  /** The content that a search has found, once more. */
  readonly again: (path: string, isAlone: boolean) => Uint8Array;
}

export interface SearchedTree extends Renaming {
  readonly root: string;
  /** A path where nothing is, for what is unpacked. */
  readonly temporary: string;
}

/** Paths are relative to the tree. */
export function openSearch(
  world: World,
  { root, temporary, ...renaming }: SearchedTree,
): FileSearch {
  const { disk } = world;
  const rename = renamer(renaming);
  const fileOf = (path: string, isAlone: boolean) => ({
    content: disk.readFile(`${root}/${path}`),
    path: isAlone ? path : undefined,
  });
  return {
    async search(path, isAlone) {
      const place = `${root}/${path}`;
      if ((disk.status(place)?.sizeBytes ?? 0) > mostBytes)
        return lookOnly(disk.readChunks(place), renaming.from);
      const file = fileOf(path, isAlone);
      const compressed = { world, file: place, name: path, temporary };
      const unpacked = await unpackForeign(compressed, file.content);
      return rename({ ...file, decompress: () => unpacked });
    },
    again(path, isAlone) {
      const file = fileOf(path, isAlone);
      return rename(file).content ?? file.content;
    },
  };
}

function lookOnly(chunks: Iterable<Uint8Array>, from: string): Renamed {
  let tail = Buffer.alloc(0);
  let start = 0;
  for (const chunk of chunks) {
    const bytes = Buffer.concat([tail, chunk]);
    const at = bytes.indexOf(from);
    if (at >= 0) return { left: [tooLarge(start - tail.length + at)] };
    start += chunk.length;
    tail = Buffer.from(bytes.subarray(-Buffer.byteLength(from)));
  }
  return { left: [] };
}

function tooLarge(offset: number): Renamed["left"][number] {
  return {
    offset,
    where: "data",
    what: "the old path, in a file that is too large to be written anew",
    cure: "Have the build leave the path out, or put it right by hand.",
  };
}
