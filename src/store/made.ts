/**
 * Files that were made for one kind of prefix, and that stand on an artifact: a wheel's scripts, which name an
 * interpreter, for one.
 *
 * `made/ID/tree` holds them alone, and `made/ID/made.json` says what they are and which artifact has all else. ID is
 * the digest of that. A record names it like an artifact.
 */
import {
  addEntries,
  type Digest,
  digestOfJson,
  type Entry,
  fromRows,
  isDigest,
  type Manifest,
  TenonError,
  toRow,
} from "../core/index.ts";
import { type Disk, exists, isDiskError, readTextIfAny } from "../world/index.ts";
import { readRelocated } from "./relocated-note.ts";
import { drop, moveIn, type StorePlace } from "./artifacts.ts";
import type { StoreLayout } from "./layout.ts";

export interface Made {
  /** The artifact that it stands on. */
  readonly base: Digest;
  /** The files of `tree` alone. */
  readonly entries: readonly Entry[];
}

function madeId({ base, entries }: Made): Digest {
  return digestOfJson({ base, entries: entries.map(toRow) });
}

/** All that it is together with its artifact. */
export function manifestOfMade({ entries }: Made, base: Manifest): Manifest {
  return addEntries(base, entries);
}

function madeText({ base, entries }: Made): string {
  return `${JSON.stringify({ base, rows: entries.map(toRow) })}\n`;
}

/** Undefined where it is missing or damaged: then it is made again. */
function readMade(disk: Disk, layout: StoreLayout, id: Digest): Made | undefined {
  const file = `${layout.made(id)}/made.json`;
  try {
    const text = readTextIfAny(disk, file);
    if (text === undefined) return undefined;
    const { base, rows } = JSON.parse(text) as { base?: unknown; rows?: unknown };
    if (typeof base !== "string" || !isDigest(base)) return undefined;
    const made = { base, entries: fromRows(rows, file) };
    return madeId(made) === id ? made : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined;
    if (error instanceof TenonError || isDiskError(error)) return undefined;
    throw error;
  }
}

/** The part of the store that has these. */
export interface MadeStore {
  /** Undefined where it is missing or damaged. */
  findMade(id: Digest): Made | undefined;
  /** Takes the tree over (it is moved). A power loss may take it: then it is made again. */
  addMade(made: Made, tree: string): Digest;
  dropMade(id: Digest): void;
  /** Where the files of an artifact lie, or of what stands on one, as a prefix has them: each in the first tree that has it. */
  treesOf(id: Digest, target: string): string[];
}

export function openMade(place: StorePlace): MadeStore {
  const { world, layout, temporary } = place;
  const { disk } = world;
  return {
    findMade: (id) => readMade(disk, layout, id),
    addMade: (made, tree) => {
      const id = madeId(made);
      const incoming = temporary();
      disk.makeDirectory(incoming);
      disk.rename(tree, `${incoming}/tree`);
      disk.createFile(`${incoming}/made.json`, madeText(made));
      const isThere = (): boolean => readMade(disk, layout, id) !== undefined;
      moveIn(place, incoming, { folder: layout.made(id), isThere });
      return id;
    },
    dropMade: (id) => drop(place, layout.made(id)),
    treesOf: (id, target) => treesOf(disk, layout, id, target),
  };
}

/** See `MadeFiles`. */
export function treesOf(disk: Disk, layout: StoreLayout, id: Digest, target: string): string[] {
  if (exists(disk, layout.artifactManifest(id))) {
    const relocated = readRelocated(disk, layout.relocated(id, target));
    const tree = layout.artifactTree(id);
    return relocated === undefined ? [tree] : [`${layout.made(relocated.made)}/tree`, tree];
  }
  const made = readMade(disk, layout, id);
  return made === undefined ? [] : [`${layout.made(id)}/tree`, layout.artifactTree(made.base)];
}
