/**
 * What Sage itself has installed becomes tenon's, as it is: what its stamps and its wheels list goes into
 * the store and on record, and what is up to date by Sage's own rules is not built again.
 */
import { assert, digestOf, type Digest, type Manifest, TenonError } from "../core/index.ts";
import { changePrefix, type Incoming } from "../install/index.ts";
import { readRecordHeads } from "../prefix/index.ts";
import { recipeOf } from "../plan/index.ts";
import { readInstalled, type SageInstalled } from "../sage/index.ts";
import { stageInstalled } from "./adopted-stage.ts";
import type { Resolver } from "./resolver.ts";
import { scratchStart } from "./scratch.ts";
import type { Session } from "./session.ts";
import { transactionOptions } from "./transaction-events.ts";

/** How soon is asked again whether another process is done with adopting. */
const pauseMs = 200;

/** `order` names the packages of the command, dependencies first. */
export async function adoptInstalled(
  session: Session,
  resolver: Resolver,
  order: readonly string[],
): Promise<void> {
  if (findUnrecorded(session).length === 0) return;
  const { world, store, layout } = session;
  const start = scratchStart(digestOf(`adopting ${layout.prefix}`));
  let lock = store.tryLock(start);
  for (; lock === undefined; lock = store.tryLock(start)) await world.clock.sleep(pauseMs);
  try {
    const found = findUnrecorded(session);
    const adopted = stageAll(session, found, `${start}-${world.clock.uniqueId()}`);
    await putOnRecord(session, adopted);
    const current = settleCurrent(session, resolver, { order, found, adopted });
    session.options.emit({ kind: "note", text: describe(adopted.length, current) });
  } finally {
    lock.release();
  }
}

/** A plan changes nothing, and does not know what will be up to date. */
export function tellUnadopted(session: Session): void {
  const count = findUnrecorded(session).length;
  if (count === 0) return;
  const what = `${count === 1 ? "1 package that Sage has" : `${count} packages that Sage has`} installed`;
  session.options.emit({ kind: "note", text: `a build adopts ${what} before it begins` });
}

function findUnrecorded({ workspace, world, layout }: Session): SageInstalled[] {
  if (workspace.checkout === undefined) return [];
  const recorded = readRecordHeads(world.disk, layout);
  const found = readInstalled(world.disk, layout.prefix, workspace.recipes);
  const names = new Set<string>();
  return found.filter(({ name }) => {
    const isNew = !recorded.has(name) && !names.has(name);
    names.add(name);
    return isNew;
  });
}

interface Adopted {
  readonly name: string;
  readonly version: string;
  readonly artifact: Digest;
  readonly manifest: Manifest;
}

/** Copies them into the store. */
function stageAll(session: Session, found: readonly SageInstalled[], scratch: string): Adopted[] {
  const { store } = session;
  const folder = store.makeScratch(scratch);
  try {
    const staged = stageInstalled(session, found, folder);
    const artifacts = store.addArtifacts(staged);
    return staged.map(({ name, version, manifest }, index) => {
      const artifact = artifacts[index];
      assert(artifact !== undefined, `${name} has no artifact`);
      return { name, version, artifact, manifest };
    });
  } finally {
    store.removeScratch(scratch);
  }
}

async function putOnRecord(
  { world, layout, workspace, store, options }: Session,
  adopted: readonly Adopted[],
): Promise<void> {
  const add = adopted.map((each): Incoming => {
    const recipe = workspace.recipes.get(each.name);
    const tree = store.layout.artifactTree(each.artifact);
    const { depends, stage } = recipe ?? {};
    return { ...each, tree, depends: depends?.run ?? [], takesOver: stage?.takesOver ?? [] };
  });
  const change = { add, remove: [], adopt: true };
  const outcome = await changePrefix(world, layout, change, transactionOptions(layout, options));
  if (outcome.kind !== "conflict") return;
  throw new TenonError({
    kind: "conflict",
    code: "CHANGED_MEANWHILE",
    message: `another process has changed ${layout.prefix} while what Sage has installed was adopted`,
    hints: ["Run the command again."],
  });
}

/** Gives how many are not to be built. */
function settleCurrent(
  session: Session,
  resolver: Resolver,
  its: {
    readonly order: readonly string[];
    readonly found: readonly SageInstalled[];
    readonly adopted: readonly Adopted[];
  },
): number {
  const { store, world } = session;
  const stamps = new Map(its.found.map(({ name, stamp }) => [name, stamp]));
  const adopted = new Map(its.adopted.map((each) => [each.name, each]));
  let current = 0;
  for (const name of its.order) {
    const resolved = resolver.resolve(name);
    if (resolved === undefined || resolver.find(name, resolved) !== undefined) continue;
    const mine = adopted.get(name);
    if (mine === undefined || !isCurrent(session, name, stamps)) continue;
    const { artifact, version } = mine;
    const builtAtMs = world.clock.now();
    store.recordKey(resolved.key, { artifact, package: name, version, builtAtMs, durationMs: 0 });
    resolver.find(name, resolved);
    current += 1;
  }
  return current;
}

/** As Sage's make judges it: the stamp of this version, and nothing that it is made of is newer. */
function isCurrent(
  { world: { disk }, layout, workspace }: Session,
  name: string,
  stamps: ReadonlyMap<string, string>,
): boolean {
  const built = recipeOf(workspace.recipes, name).sageStamp;
  if (built === undefined || stamps.get(name) !== built.path) return false;
  const timeOf = (path: string): number => disk.statusOfTarget(path)?.modifiedMs ?? 0;
  const builtMs = timeOf(`${layout.prefix}/${built.path}`);
  const needed = built.prerequisites.flatMap((other) => stamps.get(other) ?? []);
  const files = [...built.files(), ...needed.map((path) => `${layout.prefix}/${path}`)];
  return files.every((file) => timeOf(file) <= builtMs);
}

function describe(adopted: number, current: number): string {
  const packages = adopted === 1 ? "1 package" : `${adopted} packages`;
  return `adopted ${packages} that Sage has installed; ${current} of them are up to date`;
}
