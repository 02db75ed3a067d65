/** Joining finished artifacts into the prefix, all in one transaction. */
import { assert, compareText, TenonError } from "../core/index.ts";
import type { Conflict, Incoming } from "../install/index.ts";
import type { LinkMode } from "../recipe/index.ts";
import { changeAndTell } from "./change-and-tell.ts";
import { recipeOf } from "../plan/index.ts";
import { ownersOf, readRecordHeads, readRecords } from "../prefix/index.ts";
import type { Resolver } from "./resolver.ts";
import type { Session } from "./session.ts";

export type JoinResult =
  | { readonly kind: "joined"; readonly changed: readonly string[] }
  | { readonly kind: "conflict"; readonly conflicts: readonly Conflict[] };

/** Brings in what the prefix does not hold yet as it is; every package must be settled. */
export async function joinPackages(
  session: Session,
  resolver: Resolver,
  names: readonly string[],
): Promise<JoinResult> {
  const { world, layout, options } = session;
  const add = missingFrom(session, resolver, names)
    .sort(compareText)
    .map((name) => toIncoming(session, resolver, name));
  if (add.length === 0) return { kind: "joined", changed: [] };
  if (session.link === "hardlink") {
    const { prefix } = layout;
    for (const { name, artifact } of add) session.store.share(artifact, { prefix, package: name });
  }
  const precondition = (): void => refuseLateEdits(session, add);
  const teller = { ...options, store: session.store.layout.root, precondition };
  const outcome = await changeAndTell(world, layout, { add, remove: [] }, teller);
  if (outcome.kind === "conflict") return outcome;
  return { kind: "joined", changed: outcome.kind === "done" ? add.map(({ name }) => name) : [] };
}

/**
 * What nobody shared when it was to be copied may have been shared and edited while it was. (Files
 * that others have are not shared once more, but checked as they come; see `bring-file`.)
 */
function refuseLateEdits({ store, link }: Session, add: readonly Incoming[]): void {
  if (link === "hardlink") return;
  const edited = add.find(
    ({ isShared, artifact }) =>
      isShared !== true && store.isShared(artifact) && !store.isAsBuilt(artifact),
  );
  if (edited === undefined) return;
  throw new TenonError({
    kind: "machine",
    code: "CONTENT_CHANGED",
    message: `${edited.name} was edited in a prefix that shares its files while it was copied`,
    hints: ["Run the command again: what was edited is then built anew."],
  });
}

export const transfers: Readonly<Record<LinkMode, NonNullable<Incoming["transfer"]>>> = {
  reflink: "copy",
  hardlink: "share",
  copy: "rewrite",
};

function toIncoming(session: Session, resolver: Resolver, name: string): Incoming {
  const recipe = recipeOf(session.workspace.recipes, name);
  const record = resolver.records.get(name);
  const key = resolver.resolve(name)?.key;
  const { takesOver, throughLinks } = recipe.stage;
  assert(record !== undefined && key !== undefined, `${name} has not been built`);
  return {
    name,
    version: recipe.version,
    artifact: record.artifact,
    key,
    manifest: session.store.manifestOf(record.artifact),
    tree: session.store.layout.artifactTree(record.artifact),
    transfer: transfers[session.link],
    isShared: session.store.isShared(record.artifact),
    depends: recipe.depends.run,
    takesOver,
    ...(throughLinks === undefined ? {} : { throughLinks }),
    buildMs: record.durationMs,
  };
}

/** Those that the prefix does not hold as they are to be; manifests are seldom read to find out. */
function missingFrom(session: Session, resolver: Resolver, names: readonly string[]): string[] {
  const { disk } = session.world;
  const installed = readRecordHeads(disk, session.layout);
  let owners: ReadonlyMap<string, unknown> | undefined;
  /** A path that was ceded to a package which is gone since is to come back. */
  const isOwned = (path: string): boolean => {
    owners ??= ownersOf(readRecords(disk, session.layout).values());
    return owners.has(path);
  };
  return names.filter((name) => {
    const record = installed.get(name);
    const { version, depends, stage } = recipeOf(session.workspace.recipes, name);
    return !(
      record !== undefined &&
      record.artifact === resolver.artifacts.get(name) &&
      record.version === version &&
      sameTexts(record.depends, depends.run) &&
      sameTexts(record.takesOver, stage.takesOver) &&
      record.ceded.every(isOwned)
    );
  });
}

function sameTexts(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, index) => text === b[index]);
}
