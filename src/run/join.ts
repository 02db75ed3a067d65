/** Joining finished artifacts into the prefix, all in one transaction. */
import { assert, canonicalJson, compareText } from "../core/index.ts";
import { type Incoming, isDamage } from "../install/index.ts";
import {
  type ConflictCures,
  type Ended,
  noteShares,
  type OpenPrefix,
  operate,
  transfers,
} from "../operations/index.ts";
import { recipeOf } from "../plan/index.ts";
import { ownersOf, readRecordHeads, readRecords } from "../prefix/index.ts";
import type { Resolver } from "./resolver.ts";
import type { Session } from "../workspace/index.ts";

export interface Joined {
  readonly changed: readonly string[];
}

/** `damaged`: nothing has joined, what the store had is dropped, and is to be built again. */
export type JoinResult = Ended<Joined> | { readonly kind: "damaged" };

/** Brings in what the prefix does not hold yet as it is; every package must be settled. */
export async function joinPackages(
  session: Session,
  resolver: Resolver,
  names: readonly string[],
): Promise<JoinResult> {
  const { layout, store, link } = session;
  const changed = missingFrom(session, resolver, names).sort(compareText);
  if (changed.length === 0) return { kind: "done", value: { changed } };
  const add = changed.flatMap((name) => toIncoming(session, resolver, name) ?? []);
  if (add.length < changed.length) return { kind: "damaged" };
  try {
    return await operate(prefixOf(session), {
      change: { add, remove: [] },
      cures: recipeCures,
      before: () => noteShares(store, layout, link, add),
      result: () => ({ changed }),
    });
  } catch (error) {
    if (!isDamage(error) || !dropDamaged(session, add)) throw error;
    return { kind: "damaged" };
  }
}

export function prefixOf({ options, world, layout, store }: Session): OpenPrefix {
  return { ...options, world, layout, store: store.layout.root };
}

export const recipeCures: ConflictCures = {
  owned: ["Leave the path out with stage.drop, or say with stage.takes-over whose it is to be."],
  folder: [
    "Leave the path out of one of the two with stage.drop; a folder may be joined through another package's link to one with stage.through-links.",
  ],
};

/** All are read: a first look has found nothing. Gives whether there was any. */
function dropDamaged({ store }: Session, add: readonly Incoming[]): boolean {
  const damaged = add.filter(({ name, artifact }) => {
    return store.examine(artifact, { readAll: true, package: name }) === undefined;
  });
  return damaged.length > 0;
}

/** Undefined where the store's copy is not as it was made. */
function toIncoming(session: Session, resolver: Resolver, name: string): Incoming | undefined {
  const recipe = recipeOf(session.workspace.recipes, name);
  const record = resolver.records.get(name);
  const key = resolver.resolve(name)?.key;
  const { takesOver, throughLinks } = recipe.stage;
  assert(record !== undefined && key !== undefined, `${name} has not been built`);
  const sound = session.store.examine(record.artifact, { package: name });
  if (sound === undefined) return undefined;
  return {
    name,
    version: recipe.version,
    artifact: record.artifact,
    key,
    ...sound,
    tree: session.store.layout.artifactTree(record.artifact),
    transfer: transfers[session.link],
    depends: recipe.depends.run,
    ...(recipe.about === undefined ? {} : { about: recipe.about }),
    takesOver,
    ...(throughLinks === undefined ? {} : { throughLinks }),
    buildMs: record.durationMs,
  };
}

/** Those that the prefix does not hold as they are to be; manifests are seldom read to find out. */
function missingFrom(session: Session, resolver: Resolver, names: readonly string[]): string[] {
  const { disk } = session.world;
  const { companion } = session.workspace;
  const installed = readRecordHeads(disk, session.layout);
  let owners: ReadonlyMap<string, unknown> | undefined;
  /** A path that was ceded to a package which is gone since is to come back. */
  const isOwned = (path: string): boolean => {
    owners ??= ownersOf(readRecords(disk, session.layout).values());
    return owners.has(path);
  };
  return names.filter((name) => {
    const record = installed.get(name);
    const { version, depends, about, stage } = recipeOf(session.workspace.recipes, name);
    return !(
      record !== undefined &&
      record.artifact === resolver.artifacts.get(name) &&
      record.version === version &&
      companion?.holds(disk, session.layout.prefix, record) !== false &&
      sameTexts(record.depends, depends.run) &&
      canonicalJson({ ...record.about }) === canonicalJson({ ...about }) &&
      sameTexts(record.takesOver, stage.takesOver) &&
      record.ceded.every(isOwned)
    );
  });
}

function sameTexts(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, index) => text === b[index]);
}
