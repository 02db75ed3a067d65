/**
 * What a companion has installed itself becomes tenon's, as it is: the files that its books list go into
 * the store and on record, and what is up to date by its own rules is not built again.
 */
import { assert, digestOf, type Digest, showCount, TenonError } from "../core/index.ts";
import type { Incoming } from "../install/index.ts";
import { operate } from "../operations/index.ts";
import { buildClosure, inOrder } from "../plan/index.ts";
import type { CompanionInstall } from "../recipe/index.ts";
import { findUnadopted, type Session } from "../workspace/index.ts";
import { type AdoptedStage, stageInstalled } from "./adopted-stage.ts";
import { openPrefixOf, recipeCures } from "./join.ts";
import { waitForKey } from "./key-lock.ts";
import type { Resolver } from "./resolver.ts";
import { scratchStart } from "./scratch.ts";

/** A plan changes nothing, and does not know what will be up to date. */
export function tellUnadopted(session: Session): void {
  const count = findUnadopted(session).length;
  if (count === 0) return;
  const text = `a build adopts ${showInstalled(session, count)} before it begins`;
  session.options.emit({ kind: "note", text });
}

/** Gives the person a word of what it took over. */
export async function adoptInstalled(session: Session, resolver: Resolver): Promise<void> {
  if (findUnadopted(session).length === 0) return;
  const { world, layout, workspace } = session;
  const work = { key: digestOf(`adopting ${layout.prefix}`) };
  const doing = `adopting what ${workspace.companion?.name} has installed in ${layout.prefix}`;
  const lock = await waitForKey(session, doing, work);
  try {
    const found = findUnadopted(session);
    if (found.length === 0) return;
    const scratch = `${scratchStart(work.key)}-${world.clock.uniqueId()}`;
    const adopted = await stageAll(session, found, scratch);
    // Before they are on record: who finds them there need not ask what was up to date at that time.
    const current = settleCurrent(session, resolver, adopted);
    await putOnRecord(session, adopted);
    session.options.emit({ kind: "note", text: describe(session, adopted.length, current) });
  } finally {
    lock.release();
  }
}

interface Adopted extends Omit<AdoptedStage, "tree"> {
  readonly artifact: Digest;
}

/** Copies them into the store. */
async function stageAll(
  session: Session,
  found: readonly CompanionInstall[],
  scratch: string,
): Promise<Adopted[]> {
  const { store } = session;
  const folder = store.makeScratch(scratch);
  try {
    const staged = await stageInstalled(session, found, folder);
    const artifacts = store.addArtifacts(staged);
    return staged.map(({ tree: _tree, ...its }, index) => {
      const artifact = artifacts[index];
      assert(artifact !== undefined, `${its.name} has no artifact`);
      return { ...its, artifact };
    });
  } finally {
    store.removeScratch(scratch);
  }
}

async function putOnRecord(session: Session, adopted: readonly Adopted[]): Promise<void> {
  const { layout, workspace, store } = session;
  const add = adopted.map(({ isCurrent: _isCurrent, ...its }): Incoming => {
    const { depends, stage } = workspace.recipes.get(its.name) ?? {};
    const tree = store.layout.artifactTree(its.artifact);
    return { ...its, tree, depends: depends?.run ?? [], takesOver: stage?.takesOver ?? [] };
  });
  const ended = await operate(openPrefixOf(session), {
    change: { add, remove: [], adopt: true },
    cures: recipeCures,
    result: () => undefined,
  });
  if (ended.kind !== "conflict") return;
  throw new TenonError({
    kind: "conflict",
    code: "CHANGED_MEANWHILE",
    message: `another process has changed ${layout.prefix} while what ${workspace.companion?.name} has installed was adopted`,
    hints: ["Run the command again."],
  });
}

/** Gives how many are not to be built. */
function settleCurrent(session: Session, resolver: Resolver, adopted: readonly Adopted[]): number {
  const { store, world, workspace } = session;
  const byName = new Map(adopted.map((each) => [each.name, each]));
  const known = [...byName.keys()].filter((name) => workspace.recipes.has(name));
  let current = 0;
  for (const name of inOrder(workspace.recipes, buildClosure(workspace.recipes, known))) {
    const mine = byName.get(name);
    const resolved = resolver.resolve(name);
    if (resolved === undefined) continue;
    if (resolver.find(name, resolved) === undefined) {
      if (mine === undefined || !mine.isCurrent()) continue;
      const { artifact, version } = mine;
      const builtAtMs = world.clock.now();
      store.recordKey(resolved.key, { artifact, package: name, version, builtAtMs, durationMs: 0 });
      resolver.find(name, resolved);
    }
    if (mine !== undefined) current += 1;
  }
  return current;
}

function describe(session: Session, adopted: number, current: number): string {
  return `adopted ${showInstalled(session, adopted)}; ${current} of them are up to date`;
}

function showInstalled({ workspace }: Session, count: number): string {
  return `${showCount(count, "package")} that ${workspace.companion?.name} has installed`;
}
