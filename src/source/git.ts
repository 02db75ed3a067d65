/**
 * Sources in git repositories: one commit, exported as a tree.
 *
 * Each repository has a bare clone in the store, `git/DIGEST-OF-ITS-ADDRESS`, which is only a cache
 * of objects: it may be removed at any time. Of a pinned commit just that commit is fetched, and
 * the history only where the server does not give single commits.
 *
 * The commit's tree is checked out with an index of its own, then written as one tar whose bytes
 * depend on nothing but the tree (`tree-archive.ts`): paths, contents, execute bits, link targets.
 * The digest of that tar is the pin, so a git source lies in the store like a downloaded one, is
 * checked like one, and does not depend on the version of git.
 *
 * git runs with the user's configuration, which may hold proxies and keys; only what could change
 * the content or ask a question is switched off.
 */
import { type Digest, digestOf, TenonError, withoutCredentials } from "../core/index.ts";
import { type GitSource, isFullCommit } from "../recipe/index.ts";
import { exists, makeDirectories } from "../world/index.ts";
import { isLocal } from "./address.ts";
import type { SourceContext } from "./context.ts";
import { mismatch, named, offline, type SourceSubject } from "./failures.ts";
import { runGit, runGitOrThrow } from "./git-command.ts";
import { listTree } from "./tree.ts";
import { writeTreeArchive } from "./tree-archive.ts";
import { withLock } from "./waiting.ts";

interface GitRequest extends SourceSubject {
  readonly source: GitSource;
}

export interface GitResult {
  readonly commit: string;
  readonly sha256: Digest;
}

/** What must be found; each part that is missing is found out. */
interface GitExpectation {
  readonly commit?: string;
  readonly sha256?: Digest;
}

/**
 * Brings a commit into the store, or else the one that the revision names now. A tree with another
 * digest than the expected one is an error, and nothing is stored.
 */
export function storeCommit(
  context: SourceContext,
  request: GitRequest,
  expected: GitExpectation,
): Promise<GitResult> {
  return inClone(context, request, async (clone) => {
    const commit = expected.commit ?? (await resolve(context, request, clone));
    await fetchCommit(context, request, { clone, commit });
    return { commit, sha256: await storeTree(context, request, { ...expected, clone, commit }) };
  });
}

async function inClone<Result>(
  context: SourceContext,
  request: GitRequest,
  action: (clone: string) => Promise<Result>,
): Promise<Result> {
  const { repository } = request.source;
  const name = digestOf(repository);
  const clone = `${context.store.layout.git}/${name}`;
  if (context.offline && !isLocal(repository) && !repository.startsWith("/")) {
    throw offline(request.package);
  }
  return withLock(context, `git-${name}`, async () => {
    const init = ["init", "--quiet", "--bare", "--template=", clone];
    await runGitOrThrow(context, request, { args: init });
    return action(clone);
  });
}

/** A tag wins over a branch of the same name, as in git itself. */
async function resolve(
  context: SourceContext,
  request: GitRequest,
  clone: string,
): Promise<string> {
  const { repository, revision } = request.source;
  if (isFullCommit(revision)) return revision;
  const names = [
    ...(revision.startsWith("refs/") ? [`${revision}^{}`, revision] : []),
    ...(revision === "HEAD" ? [revision] : []),
    `refs/tags/${revision}^{}`,
    `refs/tags/${revision}`,
    `refs/heads/${revision}`,
  ];
  const args = ["ls-remote", "--quiet", "--", repository, ...names];
  const lines = (await runGitOrThrow(context, request, { args })).split("\n");
  const commits = new Map(lines.map((line) => [line.split("\t")[1], line.split("\t")[0]]));
  const commit = names.map((name) => commits.get(name)).find((found) => found);
  if (commit !== undefined) return commit;
  await fetchHistory(context, request, clone);
  return parseRevision(context, request, clone);
}

/** What is left: an abbreviated commit id. */
async function parseRevision(
  context: SourceContext,
  request: GitRequest,
  clone: string,
): Promise<string> {
  const { revision } = request.source;
  const found = await runGit(context, {
    clone,
    args: ["rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`],
  });
  const commit = found.stdout.trim();
  if (isFullCommit(commit)) return commit;
  throw noRevision(request, revision);
}

async function fetchCommit(
  context: SourceContext,
  request: GitRequest,
  { clone, commit }: { clone: string; commit: string },
): Promise<void> {
  const has = async (): Promise<boolean> =>
    (await runGit(context, { clone, args: ["cat-file", "-e", `${commit}^{commit}`] })).succeeded;
  if (await has()) return;
  const { repository } = request.source;
  const single = ["fetch", "--quiet", "--depth=1", "--no-tags", "--", repository, commit];
  if ((await runGit(context, { clone, args: single })).succeeded && (await has())) return;
  await fetchHistory(context, request, clone);
  if (!(await has())) throw noRevision(request, commit);
}

async function fetchHistory(
  context: SourceContext,
  request: GitRequest,
  clone: string,
): Promise<void> {
  const isShallow = exists(context.world.disk, `${clone}/shallow`);
  const { repository } = request.source;
  const refs = ["refs/heads/*:refs/heads/*", "refs/tags/*:refs/tags/*"];
  const depth = isShallow ? ["--unshallow"] : [];
  const args = ["fetch", "--quiet", "--force", ...depth, "--", repository, ...refs];
  await runGitOrThrow(context, request, { clone, args });
}

async function storeTree(
  context: SourceContext,
  request: GitRequest,
  { clone, commit, sha256 }: { clone: string; commit: string; sha256?: Digest },
): Promise<Digest> {
  const { store, world } = context;
  const scratch = `git-${world.clock.uniqueId()}`;
  const folder = store.makeScratch(scratch);
  try {
    const tree = `${folder}/tree`;
    makeDirectories(world.disk, tree);
    await checkOut(context, request, { clone, commit, tree });
    warnOfSubmodules(context, request, tree);
    const file = `${folder}/tree.tar`;
    writeTreeArchive(
      world.disk,
      tree,
      listTree(world.disk, tree, () => true),
      file,
    );
    const got = world.disk.digestFile(file);
    if (sha256 !== undefined && got !== sha256) {
      const url = `${withoutCredentials(request.source.repository)} (commit ${commit})`;
      throw mismatch({ ...request, url, expected: sha256, got });
    }
    store.addSource(file, got);
    return got;
  } finally {
    store.removeScratch(scratch);
  }
}

async function checkOut(
  context: SourceContext,
  request: GitRequest,
  { clone, commit, tree }: { clone: string; commit: string; tree: string },
): Promise<void> {
  const environment = { GIT_WORK_TREE: tree, GIT_INDEX_FILE: `${tree}.index` };
  const args = ["read-tree", "--reset", "-u", commit];
  await runGitOrThrow(context, request, { clone, args, environment });
}

function warnOfSubmodules(context: SourceContext, request: GitRequest, tree: string): void {
  if (!exists(context.world.disk, `${tree}/.gitmodules`)) return;
  const message = "the repository has submodules, which are not fetched: their folders are empty";
  context.report?.({ kind: "warning", package: request.package, message });
}

function noRevision(request: GitRequest, revision: string): TenonError {
  const repository = withoutCredentials(request.source.repository);
  return new TenonError({
    kind: "source",
    code: "GIT_NO_REVISION",
    message: `${named(request)}: ${repository} has no commit, tag or branch ${revision}`,
  });
}
