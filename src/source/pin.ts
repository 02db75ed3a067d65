/** Pinning: finding the digest of a source from the network, for the lock file. */
import { assert, type Digest } from "../core/index.ts";
import {
  isFullCommit,
  type Pin,
  type PypiSource,
  type Recipe,
  sourceLine,
  type UrlSource,
} from "../recipe/index.ts";
import type { SourceContext } from "./context.ts";
import { storeFile, subjectOf } from "./fetch.ts";
import { storeCommit } from "./git.ts";
import { recordTree } from "./git-record.ts";
import { addressesOf } from "./mirrors.ts";
import { chooseFile, notLocked } from "./pypi.ts";

/**
 * Asks the network what the recipe's source is now. What has to be fetched to know that is in the
 * store afterwards. The pin names no host for a Python project, as that is the machine's business.
 * A digest in the recipe itself is kept to, and so are `digests` for a project of the index:
 * anything else is an error of kind `source`.
 */
export async function pinSource(
  context: SourceContext,
  recipe: Recipe,
  digests?: ReadonlySet<Digest>,
): Promise<Pin> {
  const { source } = recipe;
  assert(source !== undefined && source.kind !== "path", `${recipe.name} has nothing to pin`);
  const start = { package: recipe.name, source: sourceLine(source) };
  const subject = subjectOf(recipe);
  switch (source.kind) {
    case "url":
      return { ...start, sha256: source.sha256 ?? (await storeUnpinned(context, recipe, source)) };
    case "pypi":
      return { ...start, ...(await pinProject(context, recipe, { source, digests })) };
    case "git": {
      const isWhole = source.sha256 !== undefined && isFullCommit(source.revision);
      if (isWhole) return { ...start, sha256: source.sha256, commit: source.revision };
      const expected = source.sha256 === undefined ? {} : { sha256: source.sha256 };
      const { commit, sha256 } = await storeCommit(context, { ...subject, source }, expected);
      recordTree(context, { commit, sha256 });
      return { ...start, sha256, commit };
    }
  }
}

async function storeUnpinned(
  context: SourceContext,
  recipe: Recipe,
  source: UrlSource,
): Promise<Digest> {
  const from = await addressesOf(context, recipe, { source, sha256: undefined });
  const expected = source.sha1 === undefined ? {} : { expectedSha1: source.sha1 };
  return storeFile(context, { ...subjectOf(recipe), from, ...expected });
}

/** The index's own digest is enough: what is fetched later is checked against it. */
async function pinProject(
  context: SourceContext,
  recipe: Recipe,
  { source, digests }: { source: PypiSource; digests: ReadonlySet<Digest> | undefined },
): Promise<{ sha256: Digest; file: string }> {
  const subject = subjectOf(recipe);
  const request = { ...subject, source, ...(digests === undefined ? {} : { digests }) };
  const file = await chooseFile(context, request);
  if (file.sha256 !== undefined) return { sha256: file.sha256, file: file.name };
  const expected = source.sha256 === undefined ? {} : { expectedSha256: source.sha256 };
  const sha256 = await storeFile(context, { ...subject, from: [file.address], ...expected });
  if (digests?.has(sha256) === false) throw notLocked(request, file);
  return { sha256, file: file.name };
}
