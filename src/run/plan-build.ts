/**
 * What there is to be built. To try what kind of view the machine allows takes longer than all else where
 * nothing is to be built. So first the best kind is supposed, where the workspace's last build had it, and it
 * is tried before anything is built.
 */
import type { Isolation } from "../view/index.ts";
import { isDiskError } from "../world/index.ts";
import { adoptInstalled, tellUnadopted } from "./adopt.ts";
import type { AskedChecks } from "./asked-checks.ts";
import { type BuildFacts, gatherFacts, tryIsolation } from "./facts.ts";
import type { BuildOptions } from "./planned-work.ts";
import { createResolver, findOutOfDate, type Resolver } from "./resolver.ts";
import { type BestView, requireViews, type Session } from "../workspace/index.ts";
import {
  type DraftResolver,
  type Foreseen,
  openSessionCache,
  type SessionCache,
} from "./session-cache.ts";
import { planOnSound, type SoundPlan } from "./sound-plan.ts";

export interface BuildPlan extends SoundPlan {
  readonly facts: BuildFacts;
  /** The shared cache, where there is one. */
  readonly cache?: SessionCache;
  /** Of a plan only: what would come from there. */
  readonly foreseen?: Foreseen;
}

interface PlanOptions extends AskedChecks {
  readonly options: BuildOptions;
  /** The packages in question, dependencies first. */
  readonly order: readonly string[];
}

export async function planBuild(wanted: PlanOptions): Promise<BuildPlan> {
  const { session, options, order } = wanted;
  const { dryRun, isolation } = options;
  const best = dryRun || isolation !== "auto" ? undefined : session.state.bestView();
  if (best === undefined) {
    const facts = await gatherFacts(session, order, isolation);
    if (!dryRun) note(session, facts.isolation);
    return planWith(wanted, facts);
  }
  const supposed = await planWith(wanted, await gatherFacts(session, order, best));
  if (supposed.outOfDate.length === 0) return supposed;
  const found = await tryIsolation(session, isolation);
  if (isSame(found, best)) return supposed;
  note(session, found);
  return planWith(wanted, await gatherFacts(session, order, found));
}

async function planWith(
  { session, options, order, checkOf }: PlanOptions,
  facts: BuildFacts,
): Promise<BuildPlan> {
  // Without views checks cannot be run, and so not be asked for.
  const requiresCheck = (name: string): boolean =>
    checkOf(name) === "require" && facts.isolation.kind === "view";
  const cache = openSessionCache(session, { isLook: options.dryRun });
  const renew = (also?: Parameters<DraftResolver>[0]): Resolver =>
    createResolver(session, withCompilers(facts, cache), requiresCheck, also);
  const find = (each: Resolver): string[] => findOutOfDate(each, order);
  const resolver = renew();
  if (options.dryRun) {
    tellUnadopted(session);
    const outOfDate = find(resolver);
    const isAsked = cache !== undefined && outOfDate.length > 0;
    return {
      facts,
      resolver,
      outOfDate,
      ...(isAsked ? { foreseen: await cache.foresee(order, renew) } : {}),
    };
  }
  requireViews(session.workspace, facts.isolation);
  session.workspace.companion?.prepare(session.world, session.options.emit);
  await adoptInstalled(session, resolver);
  const plan = planOnSound(session, resolver, { renew: () => renew(), findOutOfDate: find });
  if (cache === undefined) return { facts, ...plan };
  const came = plan.outOfDate.length === 0 ? 0 : await cache.takeAhead(order, renew);
  if (came === 0) return { facts, cache, ...plan };
  const how = { renew: () => renew(), findOutOfDate: find };
  return { facts, cache, ...planOnSound(session, renew(), how) };
}

/** What it has on offer, once it was asked. */
export function withCompilers(facts: BuildFacts, cache: SessionCache | undefined): BuildFacts {
  return { ...facts, compilers: cache?.compilers() ?? [] };
}

function isSame(found: Isolation, { userNamespace, overlay }: BestView): boolean {
  return isBest(found) && found.userNamespace === userNamespace && found.overlay === overlay;
}

/** What is less than that is tried each time: the machine may allow more by then. */
function isBest(isolation: Isolation): isolation is BestView {
  return isolation.kind === "view" && isolation.root && isolation.lacks === undefined;
}

/** In a workspace that is read-only, it is found out each time. */
function note({ state }: Session, isolation: Isolation): void {
  const best = isBest(isolation) ? isolation : undefined;
  if (best === undefined && state.bestView() === undefined) return;
  try {
    state.recordBestView(best);
  } catch (error) {
    if (!isDiskError(error)) throw error;
  }
}
