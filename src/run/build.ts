/** `tenon build`: what is out of date is built, then the prefix changes in one transaction. */
import { checkClosure, inOrder } from "../plan/index.ts";
import { curesFor } from "../operations/index.ts";
import { withPins } from "./sources.ts";
import type { World } from "../world/index.ts";
import { keepAskedChecks } from "./asked-checks.ts";
import type { Again, BuildResult } from "./build-result.ts";
import { distrustBuiltOnDamaged, refuseEndless } from "./sound-plan.ts";
import { type Joined, joinPackages, recipeCures, recordsOf } from "./join.ts";
import { goalOf } from "./goal.ts";
import { tellLeaving } from "./leaving.ts";
import { curesForChoice } from "./online-builds.ts";
import { joinWhole } from "./join-whole.ts";
import { planBuild } from "./plan-build.ts";
import { lookAtPrefixChanges, refuseUndoing } from "./prefix-changes.ts";
import { type BuildOptions, describePlan, type PlannedStack } from "./planned-work.ts";
import {
  type EventRecord,
  openSession,
  recordEvents,
  recoverIfNeeded,
  remarkRecovery,
  requireBuildable,
  requireReady,
  selectWanted,
  settleBooks,
} from "../workspace/index.ts";
import { type Ran, runItems } from "./run-items.ts";
import { removeAbandonedScratch } from "./scratch.ts";
import { openTokenPool } from "./tokens.ts";

export async function runBuild(world: World, options: BuildOptions): Promise<BuildResult> {
  let builtBefore = 0;
  let damagedRounds = 0;
  for (;;) {
    const record = recordEvents(world, options.emit, options.invocation);
    try {
      const result = await performBuild(world, { ...options, emit: record.emit }, record);
      if (result.kind === "again") {
        builtBefore += result.built;
        if (result.damagedStore !== undefined) refuseEndless(++damagedRounds, result.damagedStore);
      } else return "built" in result ? { ...result, built: result.built + builtBefore } : result;
    } finally {
      record.close();
    }
  }
}

async function performBuild(
  world: World,
  options: BuildOptions,
  record: EventRecord,
): Promise<BuildResult | Again> {
  const startedMs = world.clock.monotonicMs();
  const opened = keepAskedChecks(openSession(world, options), options);
  const { checkOf } = opened;
  let { session } = opened;
  if (options.dryRun) remarkRecovery(world, session.layout, options);
  else recoverIfNeeded(world, session.layout, options);
  if (!options.dryRun) requireReady(session.workspace);
  const selected = selectWanted(session, options);
  const { recipes } = session.workspace;
  const order = inOrder(recipes, checkClosure(recipes, selected));
  if (!options.dryRun) requireBuildable(session.workspace, order);
  session = await withPins(session, order, options);
  const plan = await planBuild({ session, checkOf, options, order });
  const { facts, resolver, outOfDate, cache, foreseen } = plan;
  const records = recordsOf(session);
  const goal = goalOf(session, records, { options, facts, selected, order });
  const stack: PlannedStack = {
    session,
    options,
    facts,
    resolver,
    order,
    selected,
    ...goal,
    checkOf,
    ...(cache === undefined ? {} : { cache }),
    ...(foreseen === undefined ? {} : { foreseen }),
  };
  const looked = lookAtPrefixChanges(stack, records);
  if (options.dryRun) {
    const { jobs } = openTokenPool(session, options);
    return describePlan(stack, looked, { outOfDate, jobs });
  }
  if (options.again !== true) refuseUndoing(looked, session.layout);
  removeAbandonedScratch(session);
  tellLeaving(session, goal.leaving);
  const ran = outOfDate.length === 0 ? undefined : await runItems(stack, outOfDate, record);
  const isDamaged = ran !== undefined && distrustBuiltOnDamaged(session, plan);
  const end = (result: Ending): BuildResult | Again => endRun(stack, startedMs, result);
  if (ran?.kind === "failed") return end(await joinWhole(stack, ran, looked));
  if (ran !== undefined && ran.kind !== "built") return end(ran);
  const joined = isDamaged
    ? ({ kind: "damaged" } as const)
    : await joinPackages(session, resolver, goal.installed, {
        leaving: goal.leaving,
        records: ran === undefined ? records : undefined,
      });
  if (joined.kind === "damaged") {
    return end({ kind: "again", built: ran?.built ?? 0, damagedStore: session.store.layout.root });
  }
  if (joined.kind === "conflict") return end({ ...joined, joined: ran?.joined ?? [] });
  return end(settled(stack, ran ?? nothingBuilt, joined.value));
}

const nothingBuilt = { built: 0, joined: [], removed: [] };

type Ending =
  | Exclude<Ran, { kind: "built" | "failed" }>
  | Omit<Done, "durationMs">
  | Awaited<ReturnType<typeof joinWhole>>;
type Done = Extract<BuildResult, { kind: "done" }>;

function endRun(
  { session, options }: PlannedStack,
  startedMs: number,
  result: Ending,
): BuildResult | Again {
  const durationMs = session.world.clock.monotonicMs() - startedMs;
  options.emit({ kind: "run-finished", result: result.kind, durationMs });
  if (result.kind === "done") return { ...result, durationMs };
  if (result.kind !== "conflict") return result;
  const { conflicts } = result;
  const cures = curesForChoice(session.workspace, conflicts);
  return { ...result, cures: cures.length > 0 ? cures : curesFor(conflicts, recipeCures) };
}

/** Noted where it is remembered, once it is in the prefix. */
function settled(
  { session, resolver, order, cache }: PlannedStack,
  ran: Omit<Extract<Ran, { kind: "built" }>, "kind">,
  joined: Joined,
): Omit<Done, "durationMs"> {
  const { world, layout, workspace } = session;
  const changed = [...ran.joined, ...joined.changed];
  const removed = [...ran.removed, ...joined.removed];
  for (const name of changed) resolver.remember(name);
  if (changed.length + removed.length > 0) settleBooks(world, layout, workspace);
  const taken = cache?.taken() ?? 0;
  const fromCache = taken === 0 ? {} : { fromCache: taken };
  return { kind: "done", packages: order.length, built: ran.built, ...fromCache, changed, removed };
}
