/**
 * What Sage itself has installed becomes tenon's, as it is: what its stamps and its wheels list goes into
 * the store and on record, and what is up to date by Sage's own rules is not built again.
 */
import { assert, digestOf, type Digest, type Manifest, TenonError } from "../core/index.ts";
import { changePrefix, type Incoming } from "../install/index.ts";
import { buildClosure, inOrder, recipeOf } from "../plan/index.ts";
import type { SageInstalled } from "../sage/index.ts";
import { stageInstalled } from "./adopted-stage.ts";
import type { Resolver } from "./resolver.ts";
import { scratchStart } from "./scratch.ts";
import type { Session } from "../workspace/index.ts";
import { transactionOptions } from "../operations/index.ts";
import { findUnadopted } from "../workspace/index.ts";

/** How soon is asked again whether another process is done with adopting. */
const pauseMs = 200;

/** Gives the person a word of what it took over. */
export async function adoptInstalled(session: Session, resolver: Resolver): Promise<void> {
  if (findUnadopted(session).length === 0) return;
  const { world, store, layout } = session;
  const start = scratchStart(digestOf(`adopting ${layout.prefix}`));
  let lock = store.tryLock(start);
  for (; lock === undefined; lock = store.tryLock(start)) await world.clock.sleep(pauseMs);
  try {
    const found = findUnadopted(session);
    const adopted = stageAll(session, found, `${start}-${world.clock.uniqueId()}`);
    // Before they are on record: who finds them there need not ask what was up to date at that time.
    const current = settleCurrent(session, resolver, found, adopted);
    await putOnRecord(session, adopted);
    session.options.emit({ kind: "note", text: describe(adopted.length, current) });
  } finally {
    lock.release();
  }
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
  found: readonly SageInstalled[],
  adopted: readonly Adopted[],
): number {
  const { store, world, workspace } = session;
  const stamps = new Map(found.map(({ name, stamp }) => [name, stamp]));
  const byName = new Map(adopted.map((each) => [each.name, each]));
  const known = [...byName.keys()].filter((name) => workspace.recipes.has(name));
  let current = 0;
  for (const name of inOrder(workspace.recipes, buildClosure(workspace.recipes, known))) {
    const mine = byName.get(name);
    const resolved = resolver.resolve(name);
    if (resolved === undefined) continue;
    if (resolver.find(name, resolved) === undefined) {
      if (mine === undefined || !isCurrent(session, name, stamps)) continue;
      const { artifact, version } = mine;
      const builtAtMs = world.clock.now();
      store.recordKey(resolved.key, { artifact, package: name, version, builtAtMs, durationMs: 0 });
      resolver.find(name, resolved);
    }
    if (mine !== undefined) current += 1;
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
  const needed = built.prerequisites.flatMap(
    (other) => workspace.recipes.get(other)?.sageStamp?.path ?? [],
  );
  const files = [...built.files(), ...needed.map((path) => `${layout.prefix}/${path}`)];
  return files.every((file) => timeOf(file) <= builtMs);
}

function describe(adopted: number, current: number): string {
  const packages = adopted === 1 ? "1 package" : `${adopted} packages`;
  return `adopted ${packages} that Sage has installed; ${current} of them are up to date`;
}
