/** Joining finished artifacts into the prefix, all in one transaction. */
import { assert, canonicalJson, compareText, TenonError } from "../core/index.ts";
import { type Incoming, isDamage } from "../install/index.ts";
import {
  type ConflictCures,
  type Ended,
  noteUse,
  type OpenPrefix,
  operate,
  transfers,
} from "../operations/index.ts";
import { recipeOf } from "../plan/index.ts";
import { aboutPackage } from "../recipe/index.ts";
import { ownersOf, readRecordHeads, readRecords } from "../prefix/index.ts";
import { dropRelocated } from "../store/index.ts";
import { inPrefix } from "./in-prefix.ts";
import { findLeaving, type Leaving, nothingLeaves, type Records, wishesOf } from "./leaving.ts";
import type { Resolver } from "./resolver.ts";
import type { Session } from "../workspace/index.ts";

export interface Joined {
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

/** `damaged`: nothing has joined, what the store had is dropped, and is to be built again. */
export type JoinResult = Ended<Joined> | { readonly kind: "damaged" };

interface JoinOptions {
  /** What leaves with it, in the same transaction. */
  readonly leaving?: Leaving;
  /** All that the prefix is to hold for the workspace, where that is more. */
  readonly wanted?: readonly string[];
  /** What the prefix is known to hold, where that has just been read. */
  readonly records?: Records | undefined;
}

/** Brings in what the prefix does not hold yet as it is; every package must be settled. */
export async function joinPackages(
  session: Session,
  resolver: Resolver,
  names: readonly string[],
  { leaving = nothingLeaves, wanted = names, records = recordsOf(session) }: JoinOptions = {},
): Promise<JoinResult> {
  const { layout, store } = session;
  const { directory } = session.workspace;
  const changed = missingFrom(session, resolver, { names, records }).sort(compareText);
  const wishes = wishesOf(session, records, { names, leaving });
  const remove = leaving.packages.map(({ name }) => name);
  const touched = [...changed, ...remove, ...(wishes?.wanted ?? []), ...(wishes?.unwanted ?? [])];
  if (touched.length === 0) return { kind: "done", value: { changed, removed: [] } };
  const add = changed.flatMap((name) => toIncoming(session, resolver, name) ?? []);
  if (add.length < changed.length) return { kind: "damaged" };
  try {
    return await operate(openPrefixOf(session), {
      change: { add, remove, ...(wishes === undefined ? {} : { wishes }) },
      mustHold: () => requireSameLeaving(session, wanted, leaving),
      cures: recipeCures,
      before: () => noteUse(store, { prefix: layout.prefix, workspace: directory }, add),
      result: (removed) => ({ changed, removed }),
    });
  } catch (error) {
    if (!isDamage(error) || !dropDamaged(session, add)) throw error;
    return { kind: "damaged" };
  }
}

export function recordsOf({ world, layout }: Session): Records {
  return readRecordHeads(world.disk, layout);
}

/** Another process may have come to want, meanwhile, what was to leave. */
function requireSameLeaving(session: Session, wanted: readonly string[], leaving: Leaving): void {
  if (leaving.packages.length === 0) return;
  const records = recordsOf(session);
  const now = new Set(findLeaving(session, records, wanted).packages.map(({ name }) => name));
  const other = leaving.packages.find(({ name }) => records.has(name) && !now.has(name));
  if (other === undefined) return;
  throw new TenonError({
    kind: "conflict",
    code: "CHANGED_MEANWHILE",
    message: `another process has changed ${session.layout.prefix} meanwhile, so that ${other.name} may have to stay there; the prefix is unchanged`,
    hints: ["Run the command again."],
  });
}

export function openPrefixOf({ options, world, layout, store }: Session): OpenPrefix {
  return { ...options, world, layout, store: store.layout.root };
}

export const recipeCures: ConflictCures = {
  owned: [
    "Leave the path out of one of the two packages with stage.drop, or give it to one of them with stage.takes-over.",
  ],
  folder: [
    "Leave the path out of one of the two with stage.drop; a folder may be joined through another package's link to one with stage.through-links.",
  ],
};

/** All are read: a first look has found nothing. What was relocated is made again. Gives whether there was any. */
function dropDamaged({ world, store, layout }: Session, add: readonly Incoming[]): boolean {
  const damaged = add.filter(({ name, artifact, made }) => {
    if (made !== undefined) dropRelocated(world, store, artifact, layout.prefix);
    const isSound = store.examine(artifact, { readAll: true, package: name }) !== undefined;
    return !isSound || made !== undefined;
  });
  return damaged.length > 0;
}

/** Undefined where the store's copy is not as it was made. */
function toIncoming(session: Session, resolver: Resolver, name: string): Incoming | undefined {
  const { recipes, lock } = session.workspace;
  const recipe = recipeOf(recipes, name);
  const about = aboutPackage(recipe, lock);
  const result = resolver.joining(name);
  const { takesOver, throughLinks } = recipe.stage;
  assert(result !== undefined, `${name} has not been built`);
  const { record, resolved } = result;
  const sound = session.store.examine(record.artifact, { package: name });
  const relocated = sound && inPrefix(session, record.artifact, sound.manifest);
  if (sound === undefined || relocated === undefined) return undefined;
  return {
    name,
    version: recipe.version,
    artifact: record.artifact,
    key: resolved.key,
    ...sound,
    ...relocated,
    tree: session.store.layout.artifactTree(record.artifact),
    transfer: transfers[session.link],
    depends: recipe.depends.run,
    ...(about === undefined ? {} : { about }),
    takesOver,
    ...(throughLinks === undefined ? {} : { throughLinks }),
    ...pinsOf(resolver, name),
    ...(record.provenance === undefined ? {} : { provenance: record.provenance }),
    buildMs: record.durationMs,
  };
}

/** Nobody has looked at what was built at the prefix's own path, because all of it is. */
function pinsOf(resolver: Resolver, name: string): Pick<Incoming, "pins"> {
  if (resolver.placeOf(name) === "prefix") return {};
  return { pins: resolver.pinsOf(name) };
}

/** Those that the prefix does not hold as they are to be; manifests are seldom read to find out. */
export function missingFrom(
  session: Session,
  resolver: Resolver,
  { names, records }: { readonly names: readonly string[]; readonly records: Records },
): string[] {
  const { disk } = session.world;
  const { companion } = session.workspace;
  let owners: ReadonlyMap<string, unknown> | undefined;
  /** A path that was ceded to a package which is gone since is to come back. */
  const isOwned = (path: string): boolean => {
    owners ??= ownersOf(readRecords(disk, session.layout).values());
    return owners.has(path);
  };
  return names.filter((name) => {
    const record = records.get(name);
    const recipe = recipeOf(session.workspace.recipes, name);
    const { version, depends, stage } = recipe;
    const about = aboutPackage(recipe, session.workspace.lock);
    return !(
      record !== undefined &&
      record.artifact === resolver.joining(name)?.record.artifact &&
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
