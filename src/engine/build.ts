/** `tenon build`: what is out of date is built, then the prefix changes in one transaction. */
import { type Isolation, type RunResult, schedule } from "../build/index.ts";
import { unreachable } from "../core/index.ts";
import type { Conflict } from "../install/index.ts";
import { checkClosure, forecast, inOrder, runClosure } from "../plan/index.ts";
import { requirePins } from "../recipe/index.ts";
import type { World } from "../world/index.ts";
import { adoptInstalled, tellUnadopted } from "./adopt.ts";
import { keepAskedChecks } from "./asked-checks.ts";
import { describeGraph } from "./describe-graph.ts";
import { gatherFacts } from "./facts.ts";
import { fetchAhead } from "./fetch-ahead.ts";
import { joinPackages } from "./join.ts";
import { tellHolder } from "./key-lock.ts";
import { createMemoryGate } from "./memory-gate.ts";
import {
  type BuildOptions,
  describePlan,
  type Plan,
  planWork,
  type Stack,
} from "./planned-work.ts";
import { checkOne } from "./package-check.ts";
import type { Failure } from "./package-failure.ts";
import { buildOne, type PendingCheck, type RunTask } from "./package-task.ts";
import { type EventRecord, recordEvents } from "./record-events.ts";
import { recallFailures } from "./recall-failures.ts";
import { createResolver, type Resolver } from "./resolver.ts";
import { curesForChoice } from "./online-builds.ts";
import { openRun } from "./runs.ts";
import { removeAbandonedScratch } from "./scratch.ts";
import { keepSageLog, settleStamps } from "./sage-bookkeeping.ts";
import { requireBuildable, requireReady, requireViews, selectWanted } from "./selection.ts";
import { openSession, recoverIfNeeded } from "./session.ts";
import { openTokenPool } from "./tokens.ts";
import { watchConflicts } from "./early-conflicts.ts";
import { fetchesAtOnce, nodeOf } from "./work-items.ts";

/** How soon what waits for memory, or for another process, is asked again. */
const pauseMs = 200;

export type BuildResult =
  | {
      readonly kind: "done";
      /** Packages of the workspace that the command was about. */
      readonly packages: number;
      readonly built: number;
      readonly changed: readonly string[];
      readonly durationMs: number;
    }
  | Plan
  | {
      readonly kind: "failed";
      readonly failures: readonly Failure[];
      /** Blocked packages, each with the failed ones that it needs. */
      readonly blocked: ReadonlyMap<string, readonly string[]>;
      readonly built: number;
      readonly joined: readonly string[];
      readonly packages: readonly string[];
    }
  | {
      readonly kind: "conflict";
      readonly conflicts: readonly Conflict[];
      readonly joined: readonly string[];
      /** What can be done, where more can be said than of any conflict. */
      readonly cures?: readonly string[];
    }
  /** `joined`: what is in the prefix already, because without views each package joins when it is built. */
  | { readonly kind: "interrupted"; readonly joined: readonly string[] };

export async function runBuild(world: World, options: BuildOptions): Promise<BuildResult> {
  for (;;) {
    const record = recordEvents(world, options.emit, options.invocation);
    try {
      const result = await performBuild(world, { ...options, emit: record.emit }, record);
      if (result.kind !== "again") return result;
    } finally {
      record.close();
    }
  }
}

/** A package needs more than was planned for, which is known from now on. */
interface Again {
  readonly kind: "again";
}

async function performBuild(
  world: World,
  options: BuildOptions,
  record: EventRecord,
): Promise<BuildResult | Again> {
  const startedMs = world.clock.monotonicMs();
  const { session, checkOf } = keepAskedChecks(openSession(world, options), options);
  if (!options.dryRun) recoverIfNeeded(world, session.layout, options);
  if (!options.dryRun) requireReady(session.workspace);
  const selected = selectWanted(session, options);
  const { recipes } = session.workspace;
  const order = inOrder(recipes, checkClosure(recipes, selected));
  if (!options.dryRun) requireBuildable(session.workspace, order);
  requirePins(session.workspace, order);
  const facts = await gatherFacts(session, order, options.isolation);
  if (!options.dryRun) requireViews(session.workspace, facts.isolation);
  // Without views checks cannot be run, and so not be asked for.
  const requiresCheck = (name: string): boolean =>
    checkOf(name) === "require" && facts.isolation.kind === "view";
  const resolver = createResolver(session, facts, requiresCheck);
  if (options.dryRun) tellUnadopted(session);
  else await adoptInstalled(session, resolver, order);
  const outOfDate = findOutOfDate(resolver, order);
  const stack: Stack = { session, options, facts, resolver, order, selected, checkOf };
  if (options.dryRun) return describePlan(stack, outOfDate, openTokenPool(session, options).jobs);

  removeAbandonedScratch(session);
  const end = (result: Exclude<BuildResult | Again, { kind: "planned" }>): BuildResult | Again => {
    const durationMs = world.clock.monotonicMs() - startedMs;
    options.emit({ kind: "run-finished", result: result.kind, durationMs });
    if (result.kind !== "conflict") return result;
    return { ...result, ...curesForChoice(recipes, result.conflicts) };
  };
  const ran = outOfDate.length === 0 ? undefined : await buildAll(stack, outOfDate, record);
  if (ran !== undefined && ran.kind !== "built") return end(ran);
  const joined = await joinPackages(session, resolver, installSet(stack));
  if (joined.kind === "conflict") return end({ ...joined, joined: ran?.joined ?? [] });
  const changed = [...(ran?.joined ?? []), ...joined.changed];
  for (const name of changed) resolver.remember(name);
  if (changed.length > 0) settleStamps(session);
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
  const { recipes, checkout } = session.workspace;
  // Sage's make takes for missing what was needed for building only, and is not there.
  const isAll = (options.packages.length === 0 && !options.choice) || checkout !== undefined;
  return isAll ? order : runClosure(recipes, selected);
}

/** Packages without a known result, dependencies first. */
export function findOutOfDate(resolver: Resolver, order: readonly string[]): string[] {
  return order.filter((name) => {
    const resolved = resolver.resolve(name);
    return resolved === undefined || resolver.find(name, resolved) === undefined;
  });
}

type Ran =
  | { readonly kind: "built"; readonly built: number; readonly joined: readonly string[] }
  | Again
  | Extract<BuildResult, { kind: "failed" | "conflict" | "interrupted" }>;

async function buildAll(
  stack: Stack,
  outOfDate: readonly string[],
  record: EventRecord,
): Promise<Ran> {
  const { session, options, facts, resolver } = stack;
  const run = openRun(session);
  record.open(run.events, run.end);
  const { emit } = options;
  const { clock } = session.world;
  const pool = openTokenPool(session, options);
  const { items, durations } = planWork(stack, outOfDate);
  const lanes = { jobs: pool.jobs, ahead: fetchesAtOnce };
  const { criticalPathMs, workMs, estimateMs } = forecast(items, lanes);
  emit({
    kind: "run-started",
    run: run.id,
    packages: stack.order.length,
    outOfDate: outOfDate.length,
    jobs: pool.jobs,
    prefix: session.layout.prefix,
    criticalPathMs,
    workMs,
    estimateMs,
  });
  emit({ kind: "graph", packages: describeGraph(stack, outOfDate, { items, durations }) });
  announceIsolation(stack, facts.isolation);

  const watch = watchConflicts(session, resolver, stack.order);
  const memory = createMemoryGate(session.world, durations, {
    ...(options.memoryBytes === undefined ? {} : { budgetBytes: options.memoryBytes }),
    emit,
  });
  const failures: (() => Failure)[] = [];
  const conflicts: Conflict[] = [];
  const joined: string[] = [];
  const checks = new Map<string, PendingCheck>();
  const retried = new Map<string, number>();
  const waits = new Map<string, number>();
  const leftovers: Promise<void>[] = [];
  let built = 0;
  let needsMore = false;
  let joining: Promise<void> = Promise.resolve();
  const isStopped = (): boolean =>
    options.signal?.aborted === true ||
    (options.failFast && failures.length > 0) ||
    conflicts.length > 0;

  /** Without a view, a build reads the live prefix: what it needs must be there already. */
  const joinNow = (name: string): Promise<void> => {
    joining = joining.then(async () => {
      const result = await joinPackages(session, resolver, [name]);
      if (result.kind === "conflict") conflicts.push(...result.conflicts);
      else joined.push(...result.changed);
    });
    return joining;
  };
  if (facts.isolation.kind === "none") {
    for (const name of stack.order) if (resolver.artifacts.has(name)) await joinNow(name);
  }

  const taskOf = (name: string, running: number): RunTask => {
    // All jobs for a build that is alone might again be too much at once.
    const most = retried.get(name);
    return {
      session,
      facts,
      resolver,
      name,
      jobs: most ?? Math.max(1, Math.floor(pool.jobs / running)),
      admit: async () => {
        const tokens = await pool.admit(name, most);
        if (!isStopped()) return tokens;
        tokens.leave();
        return undefined;
      },
      check: stack.checkOf(name),
      durations,
      isRetry: most !== undefined,
      later: (act) => {
        const done = clock.sleep(0).then(act);
        done.catch(() => {}); // it is awaited at the end
        leftovers.push(done);
      },
      logFolder: run.logFolder(name),
    };
  };
  const runBuild = async (name: string, running: number): Promise<RunResult> => {
    const task = taskOf(name, running);
    const outcome = await buildOne(task);
    keepSageLog(session, run.id, name);
    switch (outcome.kind) {
      case "busy": {
        // Not at the first attempt: a holder needs a moment to write who it is.
        const count = (waits.get(name) ?? 0) + 1;
        waits.set(name, count);
        if (count === 2) tellHolder(session, name, outcome.holder);
        return "later";
      }
      case "killed-for-memory":
        retried.set(name, Math.ceil(task.jobs / 2));
        return "again-alone";
      case "failed":
        failures.push(outcome.failure);
        return false;
      case "needs-more":
        needsMore = true;
        return false;
      case "interrupted":
        return false;
      case "built":
        built += 1;
        if (outcome.check !== undefined) checks.set(name, outcome.check);
        break;
      case "reused":
        break;
      default:
        unreachable(outcome);
    }
    conflicts.push(...watch.conflictsOf(name));
    if (conflicts.length > 0) return false;
    if (facts.isolation.kind === "none") await joinNow(name);
    return conflicts.length === 0;
  };
  const runCheck = async (name: string, running: number): Promise<boolean> => {
    const pending = checks.get(name);
    if (pending === undefined) return true; // its result is another build's
    checks.delete(name);
    const result = await checkOne(taskOf(name, running), pending);
    keepSageLog(session, run.id, name);
    if (result.kind === "failed") failures.push(result.failure);
    return result.kind === "passed" || result.kind === "warned";
  };
  const result = await schedule(items, {
    limit: pool.jobs,
    aheadLimit: fetchesAtOnce,
    run: async (item, running) => {
      const { kind, name } = nodeOf(item);
      if (kind === "build") return runBuild(name, running);
      if (kind === "check") return runCheck(name, running);
      await fetchAhead(session, name, durations);
      return true;
    },
    mayStart: memory.mayStart,
    pause: () => clock.sleep(pauseMs),
    isStopped,
    onBlocked: (item, by) => {
      if (!isStopped() && !needsMore && nodeOf(item).kind === "build")
        emit({ kind: "build-blocked", package: item, by });
    },
  }).finally(async () => {
    for (const pending of checks.values()) pending.release();
    await Promise.all(leftovers);
    if (built > 0) await session.store.settle();
  });

  if (options.signal?.aborted) return { kind: "interrupted", joined };
  if (conflicts.length > 0) return { kind: "conflict", conflicts, joined };
  if (failures.length > 0) {
    const blocked = new Map([...result.blocked].filter(([item]) => nodeOf(item).kind === "build"));
    const told = recallFailures(
      session,
      run.id,
      failures.map((tell) => tell()),
    );
    return { kind: "failed", failures: told, blocked, built, joined, packages: options.packages };
  }
  return needsMore ? { kind: "again" } : { kind: "built", built, joined };
}

function announceIsolation({ options }: Stack, isolation: Isolation): void {
  options.emit({
    kind: "isolation",
    mode: isolation.kind,
    ...(isolation.kind === "none" ? { reason: isolation.reason } : {}),
  });
}
