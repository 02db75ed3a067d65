/**
 * The crates of a Rust project, fetched with its source, so that it is built without a network.
 *
 * `cargo vendor --locked` brings what the project's Cargo.lock names and checks each crate by the
 * digest there. The folder that it makes, and the configuration that it prints, become one archive of
 * the store. Which archive belongs to a source is on record there: the source, whose digest is
 * pinned, decides its Cargo.lock and with it every crate (I11).
 *
 * In a build the crates lie beside the source, and `.cargo/config.toml` above it says so. cargo looks
 * for that in every folder from where it is started upward, whatever the project's own says.
 */
import { dirname } from "node:path";
import { unpackArchive } from "../archive/index.ts";
import { type Digest, digestOfJson, isDigest, TenonError } from "../core/index.ts";
import type { Pin, Recipe } from "../recipe/index.ts";
import { exists, makeDirectories, readTextIfAny, writeAtomically } from "../world/index.ts";
import type { SourceContext } from "./context.ts";
import { digestSource } from "./digest.ts";
import { named, offline } from "./failures.ts";
import { subjectOf } from "./fetch.ts";
import { listTree } from "./tree.ts";
import { writeTreeArchive } from "./tree-archive.ts";
import { withLock } from "./waiting.ts";

/** Puts a source, patched, into an existing empty folder. */
type PlaceTree = (directory: string) => Promise<void>;

/** Where the crates lie, from the folder that holds the source and `.cargo`. */
const folder = "crates";

export function hasCrates(context: SourceContext, recipe: Recipe, pin: Pin | undefined): boolean {
  return recipe.crates === undefined || storedCrates(context, recipe, pin) !== undefined;
}

/** Brings the crates into the store; nothing when the recipe has none, or when they are there. */
export async function ensureCrates(
  context: SourceContext,
  recipe: Recipe,
  pin: Pin | undefined,
  placeTree: PlaceTree,
): Promise<void> {
  if (hasCrates(context, recipe, pin)) return;
  if (context.offline) throw offline(recipe.name);
  const name = `crates-${recordName(context, recipe, pin)}`;
  await withLock(context, name, async () => {
    if (!hasCrates(context, recipe, pin)) await bring(context, recipe, pin, placeTree);
  });
}

/** Lays the crates beside the source, which lies in `directory`, and tells cargo. */
export async function placeCrates(
  context: SourceContext,
  recipe: Recipe,
  pin: Pin | undefined,
  directory: string,
): Promise<void> {
  if (recipe.crates === undefined) return;
  const { world, store } = context;
  const { disk } = world;
  const stored = storedCrates(context, recipe, pin);
  const archive = stored === undefined ? undefined : store.layout.source(stored);
  if (archive === undefined || disk.digestFile(archive) !== stored) {
    if (archive !== undefined) disk.removeFile(archive);
    throw offline(recipe.name);
  }
  const place = `${dirname(directory)}/${folder}`;
  makeDirectories(disk, place);
  await unpackArchive({ world, archive, directory: place, name: "crates.tar" });
  makeDirectories(disk, `${dirname(directory)}/.cargo`);
  disk.rename(`${place}/config.toml`, `${dirname(directory)}/.cargo/config.toml`);
}

async function bring(
  context: SourceContext,
  recipe: Recipe,
  pin: Pin | undefined,
  placeTree: PlaceTree,
): Promise<void> {
  const { world, store } = context;
  const { disk } = world;
  const name = `crates-${world.clock.uniqueId()}`;
  const scratch = store.makeScratch(name);
  try {
    makeDirectories(disk, `${scratch}/source`);
    await placeTree(`${scratch}/source`);
    makeDirectories(disk, `${scratch}/tree`);
    const config = await vendor(context, recipe, scratch);
    disk.createFile(`${scratch}/tree/config.toml`, config);
    const items = listTree(disk, `${scratch}/tree`, () => true);
    writeTreeArchive(disk, `${scratch}/tree`, items, `${scratch}/crates.tar`);
    const sha256 = disk.digestFile(`${scratch}/crates.tar`);
    store.addSource(`${scratch}/crates.tar`, sha256);
    const temporary = `${store.layout.scratch}/${world.clock.uniqueId()}`;
    writeAtomically(disk, crateRecordOf(context, recipe, pin), `${sha256}\n`, {
      temporary,
      durable: false,
    });
  } finally {
    store.removeScratch(name);
  }
}

/** What it prints is the configuration that names the folder; of ours only the last part is kept. */
async function vendor(context: SourceContext, recipe: Recipe, scratch: string): Promise<string> {
  const { world } = context;
  const lockFile = `${scratch}/source/${recipe.crates}`;
  const manifest = `${dirname(lockFile)}/Cargo.toml`;
  if (!exists(world.disk, lockFile) || !exists(world.disk, manifest)) {
    throw failure(
      recipe,
      "CRATES_UNLOCKED",
      `its source has no ${recipe.crates} beside a Cargo.toml`,
      ["Correct source.crates."],
    );
  }
  const target = `${scratch}/tree/vendor`;
  const { outcome, stdout, stderr } = await world.processes.capture({
    program: "cargo",
    args: ["vendor", "--locked", "--versioned-dirs", "--manifest-path", manifest, target],
    workingDirectory: dirname(manifest),
    environment: context.environment,
    ...(context.signal === undefined ? {} : { signal: context.signal }),
  });
  if (outcome.kind === "missing") {
    throw failure(recipe, "CARGO_MISSING", "cargo, which fetches its crates, cannot be started", [
      "Install it: `apt-get install cargo`, or rustup.",
    ]);
  }
  if (outcome.kind !== "exited" || outcome.code !== 0) {
    const said = stderr.trim().split("\n").slice(-6);
    throw failure(recipe, "CRATES_UNREACHABLE", "cargo could not fetch its crates", said);
  }
  makeDirectories(world.disk, target); // it makes none when there are no crates
  return `${stdout.replaceAll(target, `${folder}/vendor`)}\n[net]\noffline = true\n`;
}

/** The archive of the crates, when it is known and in the store. */
export function storedCrates(
  context: SourceContext,
  recipe: Recipe,
  pin: Pin | undefined,
): Digest | undefined {
  const text = readTextIfAny(context.world.disk, crateRecordOf(context, recipe, pin))?.trim() ?? "";
  return isDigest(text) && context.store.hasSource(text) ? text : undefined;
}

/** The file that says which archive a source's crates are in. */
export function crateRecordOf(
  context: SourceContext,
  recipe: Recipe,
  pin: Pin | undefined,
): string {
  return `${context.store.layout.crates}/${recordName(context, recipe, pin)}`;
}

/** A patch may change Cargo.lock. */
function recordName(context: SourceContext, recipe: Recipe, pin: Pin | undefined): Digest {
  return digestOfJson({
    source: digestSource(context, recipe, pin),
    patches: recipe.patches.map((file) => context.world.disk.digestFile(file)),
    crates: recipe.crates ?? null,
  });
}

function failure(recipe: Recipe, code: string, what: string, hints: readonly string[]): TenonError {
  const message = `${named(subjectOf(recipe))}: ${what}`;
  return new TenonError({ kind: "source", code, message, hints });
}
