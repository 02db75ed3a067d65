/** Joining finished artifacts into the prefix, all in one transaction. */
import { assert, compareText, summarize } from "../core/index.ts";
import { changePrefix, type Conflict, type Incoming } from "../install/index.ts";
import { recipeOf } from "../plan/index.ts";
import { ownersOf, readRecordHeads, readRecords } from "../prefix/index.ts";
import type { Resolver } from "./resolver.ts";
import type { Session } from "./session.ts";
import { transactionOptions } from "./transaction-events.ts";

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
  const startedMs = world.clock.monotonicMs();
  const add = missingFrom(session, resolver, names)
    .sort(compareText)
    .map((name) => toIncoming(session, resolver, name));
  if (add.length === 0) return { kind: "joined", changed: [] };
  const outcome = await changePrefix(
    world,
    layout,
    { add, remove: [] },
    transactionOptions(layout, options),
  );
  if (outcome.kind === "conflict") return outcome;
  if (outcome.kind === "nothing-to-do") return { kind: "joined", changed: [] };
  for (const text of outcome.notes) options.emit({ kind: "note", text });
  const sums = add.map(({ manifest }) => summarize(manifest));
  const changed = add.map(({ name }) => name);
  options.emit({
    kind: "prefix-changed",
    transaction: outcome.id,
    packages: changed,
    removed: [],
    files: sums.reduce((total, { files }) => total + files, 0),
    sizeBytes: sums.reduce((total, { sizeBytes }) => total + sizeBytes, 0),
    durationMs: world.clock.monotonicMs() - startedMs,
  });
  return { kind: "joined", changed };
}

function toIncoming(session: Session, resolver: Resolver, name: string): Incoming {
  const recipe = recipeOf(session.workspace.recipes, name);
  const record = resolver.records.get(name);
  const key = resolver.resolve(name)?.key;
  assert(record !== undefined && key !== undefined, `${name} has not been built`);
  return {
    name,
    version: recipe.version,
    artifact: record.artifact,
    key,
    manifest: session.store.manifestOf(record.artifact),
    tree: session.store.layout.artifactTree(record.artifact),
    depends: recipe.depends.run,
    takesOver: recipe.stage.takesOver,
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
