/** Bringing pinned sources into the store, each once, checked before it is visible there (I11). */
import { assert, type Digest } from "../core/index.ts";
import { isFullCommit, type Pin, type Recipe } from "../recipe/index.ts";
import type { SourceContext } from "./context.ts";
import { download, type DownloadOptions } from "./download.ts";
import type { SourceSubject } from "./failures.ts";
import { storeCommit } from "./git.ts";
import { recordTree, treeOf } from "./git-record.ts";
import { addressesOf } from "./mirrors.ts";
import { locateFile } from "./pypi.ts";
import { withLock } from "./waiting.ts";

/** Gives the digest under which the store has the source now. */
export async function ensureSource(
  context: SourceContext,
  recipe: Recipe,
  pin: Pin | undefined,
): Promise<Digest> {
  const sha256 = storedSource(context, recipe, pin);
  if (sha256 !== undefined) return sha256;
  return withLock(
    context,
    `source-${pin?.sha256 ?? commitOf(recipe, pin)}`,
    async () => storedSource(context, recipe, pin) ?? (await bring(context, recipe, pin)),
  );
}

/** The digest of the source, when it is known and in the store. */
export function storedSource(
  context: SourceContext,
  recipe: Recipe,
  pin: Pin | undefined,
): Digest | undefined {
  const commit = commitOf(recipe, pin);
  const sha256 = pin?.sha256 ?? (commit === undefined ? undefined : treeOf(context, commit));
  return sha256 !== undefined && context.store.hasSource(sha256) ? sha256 : undefined;
}

/** Downloads a file into the store; its digest, which is checked against the expected one. */
export async function storeFile(
  context: SourceContext,
  options: SourceSubject & Pick<DownloadOptions, "from" | "expectedSha256" | "expectedSha1">,
): Promise<Digest> {
  const { store, world } = context;
  const scratch = `incoming-${world.clock.uniqueId()}`;
  const destination = `${store.makeScratch(scratch)}/file`;
  try {
    const sha256 = await download(context, { ...options, destination });
    store.addSource(destination, sha256);
    return sha256;
  } finally {
    store.removeScratch(scratch);
  }
}

export function subjectOf(recipe: Recipe): SourceSubject {
  return { package: recipe.name, recipeFile: recipe.file };
}

async function bring(
  context: SourceContext,
  recipe: Recipe,
  pin: Pin | undefined,
): Promise<Digest> {
  const { source } = recipe;
  assert(source !== undefined && source.kind !== "path", `${recipe.name} has nothing to fetch`);
  const subject = subjectOf(recipe);
  if (source.kind === "git") {
    const commit = commitOf(recipe, pin);
    const expected = {
      ...(commit === undefined ? {} : { commit }),
      ...(pin === undefined ? {} : { sha256: pin.sha256 }),
    };
    const stored = await storeCommit(context, { ...subject, source }, expected);
    recordTree(context, stored);
    return stored.sha256;
  }
  assert(pin !== undefined, `the source of ${recipe.name} is fetched before it is pinned`);
  const from =
    source.kind === "url"
      ? await addressesOf(context, recipe, { source, sha256: pin.sha256 })
      : (await locateFile(context, { ...subject, source }, pin)).map(({ address }) => address);
  return storeFile(context, { ...subject, from, expectedSha256: pin.sha256 });
}

/** The commit that a git source is built from, when it is known. */
export function commitOf({ source }: Recipe, pin: Pin | undefined): string | undefined {
  if (source?.kind !== "git") return undefined;
  return pin?.commit ?? (isFullCommit(source.revision) ? source.revision : undefined);
}
