/**
 * A recipe's source as files by their digests, for a build on another machine: what is pinned lies in the store
 * already; a local folder becomes one archive and the times of its files.
 */
import { posix } from "node:path";
import { unpackArchive } from "../archive/index.ts";
import { assert, type Digest, nameOf, TenonError } from "../core/index.ts";
import type { Pin, Recipe } from "../recipe/index.ts";
import { makeDirectories, writeAtomically } from "../world/index.ts";
import type { SourceContext } from "./context.ts";
import { crateRecordOf, storedCrates } from "./crates.ts";
import { commitOf, storedSource, subjectOf } from "./fetch.ts";
import { recordTree } from "./git-record.ts";
import { isSingleFile, readPathTree } from "./path-source.ts";
import { listTree, type TreeItem } from "./tree.ts";
import { writeTreeArchive } from "./tree-archive.ts";

export interface PackedSource {
  /** The pinned file, the archive of a local folder, or the local file. */
  readonly content: Digest;
  /** Of a local folder: when its files were changed last, in the order of their paths; milliseconds since 1970. */
  readonly times?: readonly number[];
  /** Of a local file. */
  readonly fileName?: string;
  readonly crates?: Digest;
}

/** Takes a file over, or a copy of it, by its digest. */
type PutFile = (sha256: Digest, file: string) => void;

/**
 * The store has the source (`fetchSource`). Undefined where it cannot go elsewhere: a link in a local folder leads
 * out of it.
 */
export function packSource(
  context: SourceContext,
  recipe: Recipe,
  pin: Pin | undefined,
  put: PutFile,
): PackedSource | undefined {
  const content = packContent(context, recipe, pin, put);
  if (content === undefined || recipe.crates === undefined) return content;
  const crates = storedCrates(context, recipe, pin);
  assert(crates !== undefined, `the crates of ${recipe.name} are not in the store`);
  put(crates, context.store.layout.source(crates));
  return { ...content, crates };
}

function packContent(
  context: SourceContext,
  recipe: Recipe,
  pin: Pin | undefined,
  put: PutFile,
): PackedSource | undefined {
  const { disk } = context.world;
  const { source } = recipe;
  assert(source !== undefined, `${recipe.name} has no source`);
  if (source.kind !== "path") {
    const stored = storedSource(context, recipe, pin);
    assert(stored !== undefined, `the source of ${recipe.name} is not in the store`);
    put(stored, context.store.layout.source(stored));
    return { content: stored };
  }
  if (isSingleFile(context, source)) {
    const sha256 = disk.digestFile(source.path);
    put(sha256, source.path);
    return { content: sha256, fileName: nameOf(source.path) };
  }
  const { root, items } = readPathTree(context, { ...subjectOf(recipe), source });
  if (items.some(leadsOut)) return undefined;
  const scratch = `packing-${context.world.clock.uniqueId()}`;
  const archive = `${context.store.makeScratch(scratch)}/source.tar`;
  try {
    writeTreeArchive(disk, root, items, archive);
    const sha256 = disk.digestFile(archive);
    put(sha256, archive);
    const times = items.flatMap((item) => (item.type === "file" ? item.status.modifiedMs : []));
    return { content: sha256, times };
  } finally {
    context.store.removeScratch(scratch);
  }
}

/** No archive that is unpacked may hold such a link. */
function leadsOut(item: TreeItem): boolean {
  if (item.type !== "link") return false;
  const { path, target } = item;
  return target.startsWith("/") || posix.join(posix.dirname(path), target).startsWith("../");
}

/**
 * Brings a packed source into the context's store, or into `folder`, which is there and empty; gives the recipe that is
 * built by it. `fileOf` is where a file lies that was put. Throws a TenonError of kind `source` where one has another
 * digest.
 */
export async function adoptSource(
  context: SourceContext,
  { recipe, pin, packed }: { recipe: Recipe; pin: Pin | undefined; packed: PackedSource },
  { fileOf, folder }: { fileOf: (sha256: Digest) => string; folder: string },
): Promise<Recipe> {
  const { source } = recipe;
  assert(source !== undefined, `${recipe.name} has no source`);
  bring(context, packed.content, fileOf(packed.content));
  if (source.kind === "git") {
    const commit = commitOf(recipe, pin);
    if (commit !== undefined) recordTree(context, { commit, sha256: packed.content });
  }
  const own =
    source.kind === "path"
      ? { ...recipe, source: { ...source, path: await placePath(context, packed, folder) } }
      : recipe;
  if (packed.crates !== undefined) {
    bring(context, packed.crates, fileOf(packed.crates));
    const temporary = `${context.store.layout.scratch}/${context.world.clock.uniqueId()}`;
    const file = crateRecordOf(context, own, pin);
    writeAtomically(context.world.disk, file, `${packed.crates}\n`, { temporary, durable: false });
  }
  return own;
}

function bring({ world, store }: SourceContext, sha256: Digest, file: string): void {
  if (store.hasSource(sha256)) return;
  const scratch = `incoming-${world.clock.uniqueId()}`;
  const copy = `${store.makeScratch(scratch)}/file`;
  try {
    world.disk.copyFile(file, copy);
    const got = world.disk.digestFile(copy);
    if (got !== sha256) throw damaged(file, sha256, got);
    store.addSource(copy, sha256);
  } finally {
    store.removeScratch(scratch);
  }
}

async function placePath(
  { world, store }: SourceContext,
  { content, times = [], fileName }: PackedSource,
  folder: string,
): Promise<string> {
  const { disk } = world;
  const stored = store.layout.source(content);
  const got = disk.digestFile(stored);
  if (got !== content) throw damaged(stored, content, got);
  if (fileName !== undefined) {
    const path = `${folder}/${nameOf(fileName)}`;
    disk.copyFile(stored, path);
    return path;
  }
  const path = `${folder}/source`;
  makeDirectories(disk, path);
  await unpackArchive({ world, archive: stored, directory: path, name: "source.tar" });
  const files = listTree(disk, path, () => true).filter(({ type }) => type === "file");
  files.forEach((file, index) => {
    const time = times[index];
    if (time !== undefined) disk.setTimes(`${path}/${file.path}`, time);
  });
  return path;
}

function damaged(file: string, expected: Digest, got: Digest): TenonError {
  return new TenonError({
    kind: "source",
    code: "SOURCE_DAMAGED",
    message: `${file} was damaged on its way: its SHA-256 is ${got}, and not ${expected}`,
    hints: ["Remove it, and run the command again."],
  });
}
