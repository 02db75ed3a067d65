/** Placing a source, patched, in the folder where it is built. */
import { assert, nameOf, TenonError } from "../core/index.ts";
import { unpackArchive } from "../archive/index.ts";
import type { Pin, Recipe, Source } from "../recipe/index.ts";
import { addressOf, fileNameOf } from "./address.ts";
import { isArchive } from "./archive-name.ts";
import type { SourceContext } from "./context.ts";
import { placeCrates } from "./crates.ts";
import { named, repin } from "./failures.ts";
import { ensureSource, storedSource, subjectOf } from "./fetch.ts";
import { oddContent } from "./odd-content.ts";
import { applyPatches } from "./patches.ts";
import { copyPath, isSingleFile } from "./path-source.ts";

/** Places the source as `placeTree` does, and beside it the crates that it needs. */
export async function placeSource(
  context: SourceContext,
  recipe: Recipe,
  pin: Pin | undefined,
  directory: string,
): Promise<void> {
  await placeTree(context, recipe, pin, directory);
  await placeCrates(context, recipe, pin, directory);
}

/**
 * Unpacks or copies the source into an existing empty directory, then applies the patches. What is
 * in the store is checked once more (I11): one that was damaged there is removed and fetched again,
 * or refused when offline. A wheel or another file that is not an archive is copied under its name.
 */
export async function placeTree(
  context: SourceContext,
  recipe: Recipe,
  pin: Pin | undefined,
  directory: string,
): Promise<void> {
  const { source } = recipe;
  if (source === undefined) assert(recipe.patches.length === 0, `${recipe.name} patches nothing`);
  else if (source.kind === "path") await placePath(context, recipe, directory);
  else {
    const file = await checkedFile(context, recipe, pin);
    const asItIs = source.kind === "url" ? source.fileName : undefined;
    if (asItIs === undefined)
      await placeFile(context, { file, name: fileName(source, pin), directory }).catch(
        (error: unknown) => {
          throw withOrigin(context, recipe, { error, file });
        },
      );
    else copyFile(context, file, `${directory}/${asItIs}`);
  }
  await applyPatches(context, recipe, directory);
}

const unreadable = new Set(["ARCHIVE_FORMAT", "ARCHIVE_DAMAGED"]);

/** An archive that cannot be read is as it was pinned: the address gave something else, or a part. */
function withOrigin(
  { world }: SourceContext,
  recipe: Recipe,
  { error, file }: { readonly error: unknown; readonly file: string },
): unknown {
  const { source } = recipe;
  if (!(error instanceof TenonError) || !unreadable.has(error.code)) return error;
  if (source?.kind !== "url") return error;
  const url = addressOf(source.urls[0] ?? "").url;
  const odd = oddContent(world.disk, file, fileNameOf(url));
  const { kind, code, message } = error;
  return new TenonError({
    kind,
    code,
    message: odd === undefined ? `${message}; it came from ${url}` : `${url} gave ${odd}`,
    hints: [`Look what the address gives. When it gives the archive: ${repin(subjectOf(recipe))}.`],
    cause: error,
  });
}

async function placePath(context: SourceContext, recipe: Recipe, directory: string) {
  const { source } = recipe;
  assert(source?.kind === "path", `${recipe.name} has no local source`);
  if (isSingleFile(context, source) && isArchive(context.world.disk, source.path)) {
    await placeFile(context, { file: source.path, name: nameOf(source.path), directory });
  } else copyPath(context, { ...subjectOf(recipe), source }, directory);
}

async function checkedFile(
  context: SourceContext,
  recipe: Recipe,
  pin: Pin | undefined,
): Promise<string> {
  const { disk } = context.world;
  const stored = storedSource(context, recipe, pin);
  if (stored !== undefined) {
    const file = context.store.layout.source(stored);
    if (disk.digestFile(file) === stored) return file;
    disk.removeFile(file);
    if (context.offline) throw damaged(recipe, file);
    const message = `the stored source ${stored} was damaged, and is fetched again`;
    context.report?.({ kind: "warning", package: recipe.name, message });
  }
  return context.store.layout.source(await ensureSource(context, recipe, pin));
}

async function placeFile(
  context: SourceContext,
  { file, name, directory }: { file: string; name: string; directory: string },
): Promise<void> {
  const { world } = context;
  if (isArchive(world.disk, file, name)) {
    await unpackArchive({ world, archive: file, directory, name });
    return;
  }
  copyFile(context, file, `${directory}/${name}`);
}

function copyFile({ world }: SourceContext, from: string, to: string): void {
  world.disk.copyFile(from, to);
  world.disk.setMode(to, 0o644);
}

/** A wheel whose recipe has the digest but no lock file tells its name: a legal one is made up. */
function fileName(source: Exclude<Source, { kind: "path" }>, pin: Pin | undefined): string {
  switch (source.kind) {
    case "url":
      return fileNameOf(source.urls[0] ?? "") || "source";
    case "git":
      return "source.tar";
    case "pypi": {
      const start = `${source.project.replaceAll(/[-_.]+/g, "_")}-${source.version}`;
      const made = source.distribution === "wheel" ? `${start}-py3-none-any.whl` : start;
      return nameOf(pin?.file ?? made);
    }
  }
}

function damaged(recipe: Recipe, file: string): TenonError {
  return new TenonError({
    kind: "source",
    code: "SOURCE_DAMAGED",
    message: `${named(subjectOf(recipe))}: the stored source ${file} was damaged, and is removed`,
    hints: ["Run `tenon fetch` while online."],
  });
}
