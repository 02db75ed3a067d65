/** `tenon build`: what is out of date is built, then the prefix changes in one transaction. */
import { type Isolation, type PackageTokens, schedule, type WorkItem } from "../build/index.ts";
import type { Conflict } from "../install/index.ts";
import { buildClosure, inOrder, recipeOf, runClosure, viewOf } from "../plan/index.ts";
import { requirePins } from "../recipe/index.ts";
import type { World } from "../world/index.ts";
import { describeGraph } from "./describe-graph.ts";
import { type Facts, gatherFacts } from "./facts.ts";
import { joinPackages } from "./join.ts";
import { buildOne, type Failure, type PackageTask } from "./package-task.ts";
import { type EventRecord, type Invocation, recordEvents } from "./record-events.ts";
import { createResolver, type Resolver } from "./resolver.ts";
import { openRun } from "./runs.ts";
import { removeAbandonedScratch } from "./scratch.ts";
import { selectPackages } from "./selection.ts";
import { openSession, recoverIfNeeded, type Session, type SessionOptions } from "./session.ts";
import { openTokenPool } from "./tokens.ts";
import { watchConflicts } from "./early-conflicts.ts";

export interface BuildOptions extends SessionOptions {
  /** All packages of the workspace when empty. */
  readonly packages: readonly string[];
  /** As many as the machine has processors, or as the make that started this command has left. */
  readonly jobs?: number;
  readonly isolation: "auto" | "view" | "none";
  readonly failFast: boolean;
  readonly dryRun: boolean;
  /** Run the recipes' checks after their builds. */
  readonly check: boolean;
  /** For the record of the run. */
  readonly invocation?: Invocation;
}

export type BuildResult =
  | {
      readonly kind: "done";
      /** Packages of the workspace that the command was about. */
      readonly packages: number;
      readonly built: number;
      readonly changed: readonly string[];
      readonly durationMs: number;
    }
  | { readonly kind: "planned"; readonly order: readonly PlannedPackage[] }
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
    }
  /** `joined`: what is in the prefix already, because without views each package joins when it is built. */
  | { readonly kind: "interrupted"; readonly joined: readonly string[] };

export interface PlannedPackage {
  readonly name: string;
  readonly version: string;
  /** `unknown`: it depends on the result of a build before it. */
  readonly state: "up-to-date" | "build" | "unknown";
}

export async function runBuild(world: World, options: BuildOptions): Promise<BuildResult> {
  const record = recordEvents(world, options.emit, options.invocation);
  try {
    return await performBuild(world, { ...options, emit: record.emit }, record);
  } finally {
    record.close();
  }
}

async function performBuild(
  world: World,
  options: BuildOptions,
  record: EventRecord,
): Promise<BuildResult> {
  const startedMs = world.clock.monotonicMs();
  const session = openSession(world, options);
  if (!options.dryRun) recoverIfNeeded(world, session.layout, options);
  const selected = selectPackages(session, options.packages);
  const { recipes } = session.workspace;
  const order = inOrder(recipes, buildClosure(recipes, selected));
  requirePins(session.workspace, order);
  const facts = await gatherFacts(session, order, options.isolation);
  const resolver = createResolver(session, facts);
  const outOfDate = findOutOfDate(resolver, order);
  if (options.dryRun) return { kind: "planned", order: describePlan(session, resolver, order) };

  removeAbandonedScratch(session);
  const stack: Stack = { session, options, facts, resolver, order, selected, record };
  const end = (result: Exclude<BuildResult, { kind: "planned" }>): BuildResult => {
    const durationMs = world.clock.monotonicMs() - startedMs;
    options.emit({ kind: "run-finished", result: result.kind, durationMs });
    return result;
  };
  const ran = outOfDate.length === 0 ? undefined : await buildAll(stack, outOfDate);
  if (ran !== undefined && ran.kind !== "built") return end(ran);
  const joined = await joinPackages(session, resolver, installSet(stack));
  if (joined.kind === "conflict") return end({ ...joined, joined: ran?.joined ?? [] });
  const changed = [...(ran?.joined ?? []), ...joined.changed];
  for (const name of changed) resolver.remember(name);
  return end({
    kind: "done",
    packages: order.length,
    built: ran?.built ?? 0,
    changed,
    durationMs: world.clock.monotonicMs() - startedMs,
  });
}

interface Stack {
  readonly session: Session;
  readonly options: BuildOptions;
  readonly facts: Facts;
  readonly resolver: Resolver;
  readonly order: readonly string[];
  readonly selected: readonly string[];
  readonly record: EventRecord;
}

/** What the prefix is to hold: all, or what was asked for with what it needs at run time. */
function installSet({ session, options, selected, order }: Stack): readonly string[] {
  return options.packages.length === 0 ? order : runClosure(session.workspace.recipes, selected);
}

/** Packages without a known result, dependencies first. */
export function findOutOfDate(resolver: Resolver, order: readonly string[]): string[] {
  return order.filter((name) => {
    const resolved = resolver.resolve(name);
    return resolved === undefined || resolver.find(name, resolved) === undefined;
  });
}

function describePlan(
  session: Session,
  resolver: Resolver,
  order: readonly string[],
): PlannedPackage[] {
  return order.map((name) => {
    const { version } = recipeOf(session.workspace.recipes, name);
    if (resolver.artifacts.has(name)) return { name, version, state: "up-to-date" };
    return { name, version, state: resolver.resolve(name) === undefined ? "unknown" : "build" };
  });
}

type Ran =
  | { readonly kind: "built"; readonly built: number; readonly joined: readonly string[] }
  | Extract<BuildResult, { kind: "failed" | "conflict" | "interrupted" }>;

async function buildAll(stack: Stack, outOfDate: readonly string[]): Promise<Ran> {
  const { session, options, facts, resolver } = stack;
  const run = openRun(session);
  stack.record.open(run.events, run.end);
  const { emit } = options;
  const pool = openTokenPool(session, options);
  emit({
    kind: "run-started",
    run: run.id,
    packages: stack.order.length,
    outOfDate: outOfDate.length,
    jobs: pool.jobs,
    prefix: session.layout.prefix,
  });
  emit({ kind: "graph", packages: describeGraph(stack, outOfDate) });
  announceIsolation(stack, facts.isolation);

  const watch = watchConflicts(session, resolver, stack.order);
  const failures: (() => Failure)[] = [];
  const conflicts: Conflict[] = [];
  const joined: string[] = [];
  let built = 0;
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

  const runOne = async (name: string, running: number): Promise<boolean> => {
    const tokens = await pool.admit(name);
    try {
      return !isStopped() && (await runAdmitted(name, running, tokens));
    } finally {
      tokens.leave();
    }
  };
  const runAdmitted = async (
    name: string,
    running: number,
    tokens: PackageTokens,
  ): Promise<boolean> => {
    const task: PackageTask = {
      session,
      facts,
      resolver,
      name,
      jobs: Math.max(1, Math.floor(pool.jobs / running)),
      tokens,
      check: options.check,
      logFolder: run.logFolder(name),
    };
    const outcome = await buildOne(task);
    if (outcome.kind === "failed") failures.push(outcome.failure);
    if (outcome.kind === "built") built += 1;
    if (outcome.kind === "failed" || outcome.kind === "interrupted") return false;
    conflicts.push(...watch.conflictsOf(name));
    if (conflicts.length > 0) return false;
    if (facts.isolation.kind === "none") await joinNow(name);
    return conflicts.length === 0;
  };
  const result = await schedule(workItems(stack, outOfDate), {
    limit: pool.jobs,
    run: runOne,
    isStopped,
    onBlocked: (name, by) => {
      if (!isStopped()) emit({ kind: "build-blocked", package: name, by });
    },
  });

  if (options.signal?.aborted) return { kind: "interrupted", joined };
  if (conflicts.length > 0) return { kind: "conflict", conflicts, joined };
  if (failures.length > 0) {
    const { blocked } = result;
    const told = failures.map((tell) => tell());
    return { kind: "failed", failures: told, blocked, built, joined, packages: options.packages };
  }
  return { kind: "built", built, joined };
}

function announceIsolation({ options }: Stack, isolation: Isolation): void {
  options.emit({
    kind: "isolation",
    mode: isolation.kind,
    ...(isolation.kind === "none" ? { reason: isolation.reason } : {}),
  });
}

function workItems(stack: Stack, names: readonly string[]): WorkItem[] {
  const { recipes } = stack.session.workspace;
  const waiting = new Set(names);
  return names.map((name) => ({
    name,
    // The view also shows what the dependencies need at run time.
    needs: viewOf(recipes, name).filter((need) => waiting.has(need)),
  }));
}
