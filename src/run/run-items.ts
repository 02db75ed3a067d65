/** A run: the fetches, builds and checks of what is out of date. */
import { type Isolation, type RunResult, schedule } from "../builder/index.ts";
import { unreachable } from "../core/index.ts";
import type { Conflict } from "../install/index.ts";
import { forecast } from "../plan/index.ts";
import type { Again, BuildResult } from "./build-result.ts";
import { describeGraph } from "./describe-graph.ts";
import { watchConflicts } from "./early-conflicts.ts";
import { fetchAhead } from "./fetch-ahead.ts";
import { joinPackages } from "./join.ts";
import { tellHolder } from "./key-lock.ts";
import { createMemoryGate } from "./memory-gate.ts";
import { checkOne } from "./package-check.ts";
import type { Failure } from "./package-failure.ts";
import { buildOne, type PendingCheck, type RunTask } from "./package-task.ts";
import { planWork, type Stack } from "./planned-work.ts";
import { createRecall, noteFailures } from "./recall-failures.ts";
import type { EventRecord } from "../workspace/index.ts";
import { openRun } from "../workspace/index.ts";
import { keepLogs } from "./companion-books.ts";
import { openTokenPool } from "./tokens.ts";
import { fetchesAtOnce, nodeOf } from "./work-items.ts";

/** How soon what waits for memory, or for another process, is asked again. */
const pauseMs = 200;

export type Ran =
  | { readonly kind: "built"; readonly built: number; readonly joined: readonly string[] }
  | Again
  | Extract<BuildResult, { kind: "failed" | "conflict" | "interrupted" }>;

/** What has no known result, under one pool of jobs; with checks, and joins where there are no views. */
export async function runItems(
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
  const recall = createRecall(session);
  const failures: (() => Failure)[] = [];
  const conflicts: Conflict[] = [];
  const joined: string[] = [];
  const checks = new Map<string, PendingCheck>();
  const retried = new Map<string, number>();
  const waits = new Map<string, number>();
  const leftovers: Promise<void>[] = [];
  let built = 0;
  let needsMore = false;
  let damagedStore: string | undefined;
  let joining: Promise<void> = Promise.resolve();
  const isStopped = (): boolean =>
    options.signal?.aborted === true ||
    (options.failFast && failures.length > 0) ||
    conflicts.length > 0 ||
    damagedStore !== undefined;

  /** Without a view, a build reads the live prefix: what it needs must be there already. */
  const joinNow = (name: string): Promise<void> => {
    joining = joining.then(async () => {
      const result = await joinPackages(session, resolver, [name]);
      if (result.kind === "conflict") for (const each of result.conflicts) conflicts.push(each);
      else if (result.kind === "damaged") damagedStore = session.store.layout.root;
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
      recall,
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
    keepLogs(session, run.id, name);
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
    for (const each of watch.conflictsOf(name)) conflicts.push(each);
    if (conflicts.length > 0) return false;
    if (facts.isolation.kind === "none") await joinNow(name);
    return conflicts.length === 0 && damagedStore === undefined;
  };
  const runCheck = async (name: string, running: number): Promise<boolean> => {
    const pending = checks.get(name);
    if (pending === undefined) return true; // its result is another build's
    checks.delete(name);
    const result = await checkOne(taskOf(name, running), pending);
    keepLogs(session, run.id, name);
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
  if (damagedStore !== undefined) return { kind: "again", built, damagedStore };
  if (failures.length > 0) {
    const blocked = new Map([...result.blocked].filter(([item]) => nodeOf(item).kind === "build"));
    const told = failures.map((tell) => tell());
    noteFailures(session, run.id, told);
    return { kind: "failed", failures: told, blocked, built, joined, packages: options.packages };
  }
  return needsMore ? { kind: "again", built } : { kind: "built", built, joined };
}

function announceIsolation({ options }: Stack, isolation: Isolation): void {
  options.emit({
    kind: "isolation",
    mode: isolation.kind,
    ...(isolation.kind === "none" ? { reason: isolation.reason } : {}),
  });
  if (isolation.kind === "none" || isolation.lacks === undefined) return;
  options.emit({
    kind: "note",
    text: `views have no root of their own here, so a build may write to the machine's folders unnoticed: ${isolation.lacks}`,
  });
}
