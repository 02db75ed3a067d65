/** One package of a run: found in the store, or fetched, built and put there. */
import {
  type BuildContext,
  type BuildJob,
  buildPackage,
  type Layer,
  type PackageTokens,
  type StepFailure,
} from "../build/index.ts";
import { assert, TenonError } from "../core/index.ts";
import { recipeOf, viewOf } from "../plan/index.ts";
import { pinOf, type Recipe } from "../recipe/index.ts";
import { fetchSource } from "../source/index.ts";
import { isDiskError, type Lock, makeDirectories } from "../world/index.ts";
import type { Facts } from "./facts.ts";
import { keepFailed, releaseKept } from "./kept.ts";
import { findProviders } from "./providers.ts";
import { scratchStart } from "./scratch.ts";
import type { Resolved, Resolver } from "./resolver.ts";
import type { Session } from "./session.ts";

export interface PackageTask {
  readonly session: Session;
  readonly facts: Facts;
  readonly resolver: Resolver;
  readonly name: string;
  readonly jobs: number;
  /** Absent where nothing else runs: it then keeps to `jobs`. */
  readonly tokens?: PackageTokens;
  readonly check: boolean;
  readonly logFolder: string;
}

export interface Failure {
  readonly package: string;
  readonly version: string;
  readonly step: string;
  readonly reason: string;
  readonly hints: readonly string[];
  readonly logFile: string;
  readonly logTail: readonly string[];
}

export type TaskOutcome =
  | { readonly kind: "built" }
  | { readonly kind: "reused" }
  /** Asked for when the run is over: what the build lacked may have been built meanwhile (I9). */
  | { readonly kind: "failed"; readonly failure: () => Failure }
  | { readonly kind: "interrupted" };

/** Does not throw for what a person can cause. */
export async function buildOne(task: PackageTask): Promise<TaskOutcome> {
  const { session, resolver, name } = task;
  const { emit } = session.options;
  const recipe = recipeOf(session.workspace.recipes, name);
  const startedMs = session.world.clock.monotonicMs();
  const durationMs = (): number => session.world.clock.monotonicMs() - startedMs;
  try {
    const resolved = resolver.resolve(name);
    assert(resolved !== undefined, `${name} was started before what it needs`);
    const lock = await lockKey(task, resolved);
    if (lock === undefined) return { kind: "interrupted" };
    try {
      if (resolver.find(name, resolved) !== undefined) {
        const { version } = recipe;
        resolver.remember(name);
        emit({ kind: "build-finished", package: name, version, result: "reused", durationMs: 0 });
        return { kind: "reused" };
      }
      return await buildLocked(task, recipe, resolved, durationMs);
    } finally {
      lock.release();
    }
  } catch (error) {
    if (session.options.signal?.aborted) return { kind: "interrupted" };
    return fail(task, recipe, failureFrom(error), durationMs());
  }
}

async function buildLocked(
  task: PackageTask,
  recipe: Recipe,
  resolved: Resolved,
  durationMs: () => number,
): Promise<TaskOutcome> {
  const { session, resolver, name } = task;
  const { store, options } = session;
  await fetchSource(session.sources, recipe, pinOf(recipe, session.workspace.lock));
  options.emit({ kind: "build-started", package: name, version: recipe.version });
  const scratch = `${scratchStart(resolved.key)}-${session.world.clock.uniqueId()}`;
  store.removeScratchOf(scratchStart(resolved.key));
  let isKept = false;
  try {
    const { context, job } = prepareJob(task, recipe, store.makeScratch(scratch));
    const outcome = await buildPackage(context, job);
    requireLayersAsBuilt(task);
    if (outcome.kind === "interrupted") return outcome;
    if (outcome.kind === "failed") {
      isKept = keepFailed(session, name, scratch);
      return fail(task, recipe, outcome, durationMs());
    }
    releaseKept(session, name);
    for (const text of outcome.notes) options.emit({ kind: "note", package: name, text });
    const previous = session.state.lastBuild(name)?.artifact;
    // Aside, so that other builds begin and end meanwhile; the store then has little left to sync.
    if (options.sync) await session.world.disk.syncFileSystemAside(outcome.stage);
    const record = {
      artifact: store.addArtifact(outcome.stage, outcome.manifest),
      package: name,
      version: recipe.version,
      builtAtMs: session.world.clock.now(),
      durationMs: durationMs(),
    };
    store.recordKey(resolved.key, record);
    resolver.settle(name, resolved, record);
    resolver.remember(name);
    options.emit({
      kind: "build-finished",
      package: name,
      version: recipe.version,
      result: previous === record.artifact ? "unchanged" : "built",
      durationMs: record.durationMs,
    });
    return { kind: "built" };
  } finally {
    if (!isKept) store.removeScratch(scratch);
  }
}

/** What it needs has been built. */
export function prepareJob(
  task: PackageTask,
  recipe: Recipe,
  scratch: string,
): { context: BuildContext; job: BuildJob } {
  const { session, resolver, facts, name } = task;
  const { workspace, store, world, options } = session;
  const pin = pinOf(recipe, workspace.lock);
  const layers = viewOf(workspace.recipes, name).map((dependency): Layer => {
    const artifact = resolver.artifacts.get(dependency);
    assert(artifact !== undefined, `${dependency} has no artifact`);
    return {
      package: dependency,
      tree: store.layout.artifactTree(artifact),
      manifest: store.manifestOf(artifact),
    };
  });
  return {
    context: {
      world,
      sources: session.sources,
      emit: options.emit,
      whoProvides: (kind, wanted) => findProviders(session, resolver, kind, wanted),
    },
    job: {
      recipe,
      ...(pin === undefined ? {} : { pin }),
      scratch,
      prefix: session.layout.prefix,
      layers,
      jobs: task.jobs,
      ...(task.tokens === undefined ? {} : { tokens: task.tokens }),
      logFolder: task.logFolder,
      check: task.check,
      ...(options.signal === undefined ? {} : { signal: options.signal }),
      isolation: facts.isolation,
      python: facts.python,
      path: facts.path,
      workspaceEnv: workspace.env,
    },
  };
}

/** An edit in a prefix that shares their files may have come before or while they were used. */
function requireLayersAsBuilt({ session, resolver, name }: PackageTask): void {
  const edited = viewOf(session.workspace.recipes, name).find(
    (dependency) => !session.store.isAsBuilt(resolver.artifacts.get(dependency) ?? ""),
  );
  if (edited === undefined) return;
  throw new TenonError({
    kind: "machine",
    code: "DEPENDENCY_EDITED",
    message: `${edited} was edited in a prefix while ${name} was built with it`,
    hints: [`Run the command again: ${edited} is then built anew.`],
  });
}

const firstWaitMs = 20;
const longestWaitMs = 500;

/** One process builds a key; others wait and then find the result. Undefined when interrupted. */
export async function lockKey(
  { session, name }: Pick<PackageTask, "session" | "name">,
  { key }: Resolved,
): Promise<Lock | undefined> {
  const { store, world, options } = session;
  let waitMs = firstWaitMs;
  for (let attempt = 1; ; attempt += 1) {
    const lock = store.tryLock(scratchStart(key));
    if (lock !== undefined) {
      lock.describe(
        `process ${world.processes.ownId} (${options.activity} in ${session.workspace.directory})`,
      );
      return lock;
    }
    // Not at the first attempt: a holder needs a moment to write who it is.
    if (attempt === 2) {
      const holder = store.holderOf(scratchStart(key)) || "another process";
      options.emit({ kind: "waiting", for: `${holder}, which is building ${name}` });
    }
    if (options.signal?.aborted) return undefined;
    await world.clock.sleep(waitMs);
    waitMs = Math.min(waitMs * 2, longestWaitMs);
  }
}

type Cause = Pick<StepFailure, "step" | "reason" | "hints" | "askAgain" | "logTail" | "logFile">;

function fail(task: PackageTask, recipe: Recipe, cause: Cause, durationMs: number): TaskOutcome {
  const { step, reason, hints, askAgain, logTail } = cause;
  const logFile = cause.logFile ?? logReason(task, cause);
  const place = { package: task.name, version: recipe.version, logFile };
  task.session.options.emit({ kind: "build-failed", ...place, step, reason, durationMs });
  const failure = (): Failure => ({
    ...place,
    step,
    reason,
    hints: askAgain?.() ?? hints,
    logTail,
  });
  return { kind: "failed", failure };
}

/** What failed before any step has its reason for a log. */
function logReason(
  { session, logFolder, name }: PackageTask,
  { step, reason, hints }: Cause,
): string {
  const { disk } = session.world;
  makeDirectories(disk, logFolder);
  const writer = disk.openWriter(`${logFolder}/1-${step}.log`, { append: true });
  writer.write(Buffer.from([`== ${name}: ${step}: ${reason}`, ...hints, ""].join("\n")));
  writer.close();
  return `${logFolder}/1-${step}.log`;
}

/** What is not the person's or the machine's doing is a defect of tenon and travels on. */
function failureFrom(error: unknown): Cause {
  if (error instanceof TenonError && error.kind !== "internal") {
    const step = error.kind === "source" ? "fetch" : "prepare";
    return { step, reason: error.message, hints: error.hints, logTail: [] };
  }
  if (isDiskError(error)) {
    return { step: "prepare", reason: error.message, hints: [], logTail: [] };
  }
  throw error;
}
