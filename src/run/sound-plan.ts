/** Nothing is built on what the store has damaged, and what was built on it is not believed. */
import { type Digest, TenonError } from "../core/index.ts";
import { checkViewOf, viewOf } from "../plan/index.ts";
import type { Resolver } from "./resolver.ts";
import type { Session } from "../workspace/index.ts";

/** What a plan to build rests on. */
export interface SoundPlan {
  readonly resolver: Resolver;
  readonly outOfDate: readonly string[];
}

/**
 * Finds what is out of date, such that nothing is built on a damaged artifact. Each that a view of a
 * build will show is looked at once, which costs nothing where nothing is to be built.
 */
export function planOnSound(
  session: Session,
  first: Resolver,
  how: {
    readonly renew: () => Resolver;
    readonly findOutOfDate: (resolver: Resolver) => string[];
    /** What is to be built; all that is out of date when absent. */
    readonly toBuild?: readonly string[];
  },
): SoundPlan {
  const looked = new Set<Digest>();
  for (let resolver = first; ; resolver = how.renew()) {
    const outOfDate = how.findOutOfDate(resolver);
    const shown = shownBy(session, how.toBuild ?? outOfDate);
    if (dropDamaged(session, resolver, shown, looked).length === 0) return { resolver, outOfDate };
  }
}

/**
 * The same look when a run has ended: what was damaged meanwhile is dropped, and what was built with
 * it counts as not built. Gives whether there was any.
 */
export function distrustBuiltOnDamaged(
  session: Session,
  { resolver, outOfDate }: SoundPlan,
): boolean {
  const damaged = new Set(
    dropDamaged(session, resolver, shownBy(session, outOfDate), new Set<Digest>()),
  );
  if (damaged.size === 0) return false;
  for (const name of outOfDate) {
    if (!resolver.artifacts.has(name)) continue;
    if (!viewOf(session.workspace.recipes, name).some((other) => damaged.has(other))) continue;
    const key = resolver.resolve(name)?.key;
    if (key !== undefined) session.store.forgetKey(key);
    const own = resolver.joining(name)?.resolved.key;
    if (own !== undefined) session.store.forgetKey(own);
  }
  return true;
}

function shownBy({ workspace: { recipes } }: Session, names: readonly string[]): Set<string> {
  return new Set(
    names.flatMap((name) => [...viewOf(recipes, name), ...checkViewOf(recipes, name)]),
  );
}

/** The packages whose artifacts were dropped. */
function dropDamaged(
  { store }: Session,
  { artifacts }: Resolver,
  names: Iterable<string>,
  looked: Set<Digest>,
): string[] {
  return [...names].filter((name) => {
    const artifact = artifacts.get(name);
    if (artifact === undefined || looked.has(artifact)) return false;
    looked.add(artifact);
    return store.examine(artifact, { package: name }) === undefined;
  });
}

const roundsAtMost = 3;

/** What is made anew and damaged again and again is not tenon's to mend. */
export function refuseEndless(rounds: number, root: string): void {
  if (rounds < roundsAtMost) return;
  throw new TenonError({
    kind: "machine",
    code: "STORE_DAMAGED",
    message: `what was made anew in the store ${root} was damaged ${rounds} times in a row; nothing of it has joined the prefix`,
    hints: [
      "See whether a build or another program writes there, and whether the disk is in order.",
      "Name a store on another disk with TENON_STORE.",
    ],
  });
}
