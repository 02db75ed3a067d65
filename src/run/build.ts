/** `tenon build`: what is out of date is built, then the prefix changes in one transaction. */
import { checkClosure, inOrder, runClosure } from "../plan/index.ts";
import { curesFor } from "../operations/index.ts";
import { withPins } from "./sources.ts";
import type { World } from "../world/index.ts";
import { keepAskedChecks } from "./asked-checks.ts";
import type { Again, BuildResult } from "./build-result.ts";
import { distrustBuiltOnDamaged, refuseEndless } from "./sound-plan.ts";
import { joinPackages, recipeCures } from "./join.ts";
import { curesForChoice } from "./online-builds.ts";
import { planBuild } from "./plan-build.ts";
import { type BuildOptions, describePlan, type Stack } from "./planned-work.ts";
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
  const { facts, resolver, outOfDate } = plan;
  const stack: Stack = { session, options, facts, resolver, order, selected, checkOf };
  if (options.dryRun) return describePlan(stack, outOfDate, openTokenPool(session, options).jobs);

  removeAbandonedScratch(session);
  const end = (
    result: Exclude<Ran, { kind: "built" }> | Extract<BuildResult, { kind: "done" }>,
  ): BuildResult | Again => {
    const durationMs = world.clock.monotonicMs() - startedMs;
    options.emit({ kind: "run-finished", result: result.kind, durationMs });
    if (result.kind !== "conflict") return result;
    const { conflicts } = result;
    const cures = curesForChoice(session.workspace, conflicts);
    return { ...result, cures: cures.length > 0 ? cures : curesFor(conflicts, recipeCures) };
  };
  const ran = outOfDate.length === 0 ? undefined : await runItems(stack, outOfDate, record);
  const isDamaged = ran !== undefined && distrustBuiltOnDamaged(session, plan);
  if (ran !== undefined && ran.kind !== "built") return end(ran);
  const joined = isDamaged
    ? ({ kind: "damaged" } as const)
    : await joinPackages(session, resolver, installSet(stack));
  if (joined.kind === "damaged") {
    return end({ kind: "again", built: ran?.built ?? 0, damagedStore: session.store.layout.root });
  }
  if (joined.kind === "conflict") return end({ ...joined, joined: ran?.joined ?? [] });
  const changed = [...(ran?.joined ?? []), ...joined.value.changed];
  for (const name of changed) resolver.remember(name);
  if (changed.length > 0) settleBooks(world, session.layout, session.workspace);
  return end({
    kind: "done",
    packages: order.length,
    built: ran?.built ?? 0,
    changed,
    durationMs: world.clock.monotonicMs() - startedMs,
  });
}

/** What the prefix is to hold: all, or what was asked for with what it needs at run time. */
function installSet({ session, options, selected, order }: Stack): readonly string[] {
  const { recipes, companion } = session.workspace;
  // A companion takes for missing what was needed for building only, and is not there.
  const isAll = (options.packages.length === 0 && !options.choice) || companion !== undefined;
  return isAll ? order : runClosure(recipes, selected);
}
