/** The addresses of a file that lies at several places: which of them to ask, and in which order. */
import { type Digest, pathOfFileUrl } from "../core/index.ts";
import type { Recipe, UrlSource } from "../recipe/index.ts";
import { isDiskError, NetworkError } from "../world/index.ts";
import { type Address, addressOf, headersFor, isLocal } from "./address.ts";
import type { SourceContext } from "./context.ts";
import { unreachableSource } from "./failures.ts";
import { listedMirrors, type ListedMirrors } from "./mirror-lists.ts";
import { findOnIndex } from "./pypi.ts";
import { reasonOf } from "./retry.ts";

/** A mirror that has not begun to answer by then is not waited for. */
const answerMs = 10_000;

/**
 * What lies here comes first, then the package index, then whichever mirror answers first. Without a
 * sha256, which is so before a source is pinned, a file is known by its name.
 */
export async function addressesOf(
  context: SourceContext,
  recipe: Recipe,
  { source, sha256 }: { readonly source: UrlSource; readonly sha256: Digest | undefined },
): Promise<Address[]> {
  const all = source.urls.map(addressOf);
  if (!source.raced) return all;
  const here = all.filter(({ url }) => isLocal(url) && isItHere(context, url, sha256));
  if (here.length > 0 || context.offline) return here;
  const mirrors = all.filter(({ url }) => !isLocal(url));
  const { project, fileName } = source;
  const wanted = { package: recipe.name, fileName, sha256 };
  const onIndex = project === undefined ? [] : await findOnIndex(context, { ...wanted, project });
  if (onIndex.length > 0) return [...onIndex, ...mirrors];
  const listed = await listedMirrors(context, source.mirrorLists ?? []);
  return inOrderOfAnswers(context, recipe, {
    ...listed,
    mirrors: [...mirrors, ...listed.mirrors],
  });
}

/** A person's folder may hold an older file of that name. */
function isItHere({ world }: SourceContext, url: string, sha256: Digest | undefined): boolean {
  const file = pathOfFileUrl(url);
  if (file === undefined) return false;
  try {
    if (world.disk.statusOfTarget(file)?.type !== "file") return false;
    return sha256 === undefined || world.disk.digestFile(file) === sha256;
  } catch (error) {
    if (isDiskError(error)) return false;
    throw error;
  }
}

/**
 * All are asked at once for the beginning of the file. The first that has it comes first; the rest
 * follow, without those that have said no. When all have, nothing is left to try.
 */
async function inOrderOfAnswers(
  context: SourceContext,
  recipe: Recipe,
  { mirrors, failures: earlier }: ListedMirrors,
): Promise<Address[]> {
  if (mirrors.length === 1 || mirrors.length + earlier.length === 0) return [...mirrors];
  const race = new AbortController();
  const failures = [...earlier];
  const ask = async (mirror: Address): Promise<Address> => {
    const reason = await askForBeginning(context, mirror, race.signal);
    if (reason === undefined) return mirror;
    failures.push({ url: mirror.url, reason });
    throw new Error(reason);
  };
  try {
    const first = await Promise.any(mirrors.map(ask));
    const failed = new Set(failures.map(({ url }) => url));
    return [first, ...mirrors.filter((one) => one !== first && !failed.has(one.url))];
  } catch (error) {
    if (!(error instanceof AggregateError)) throw error;
    throw unreachableSource({ package: recipe.name, recipeFile: recipe.file }, failures);
  } finally {
    race.abort();
  }
}

/** Why it is not to be had there; undefined when it is. */
async function askForBeginning(
  { world, signal }: SourceContext,
  mirror: Address,
  over: AbortSignal,
): Promise<string | undefined> {
  try {
    const response = await world.network.request(mirror.url, {
      headers: { "accept-encoding": "identity", range: "bytes=0-0", ...headersFor(mirror) },
      timeoutMs: answerMs,
      signal: signal === undefined ? over : AbortSignal.any([signal, over]),
    });
    await response.close();
    const isThere = response.status === 200 || response.status === 206;
    return isThere ? undefined : `the server answered ${response.status}`;
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
    return reasonOf(error);
  }
}
