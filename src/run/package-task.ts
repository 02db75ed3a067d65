/** One package of a run: found in the store, or fetched, built and put there; then its check. */
import {
  type BuildContext,
  type BuildJob,
  buildPackage,
  type CheckOutcome,
  type Layer,
  type StepTiming,
} from "../builder/index.ts";
import { type PackageTokens } from "../tokens/index.ts";
import { assert, digestOf, TenonError } from "../core/index.ts";
import { checkViewOf, recipeOf, viewOf } from "../plan/index.ts";
import { type CheckMode, isNeeded, pinOf, type Recipe } from "../recipe/index.ts";
import { fetchSource } from "../source/index.ts";
import { exists } from "../world/index.ts";
import {
  type Durations,
  keepFailed,
  newNeeds,
  releaseKept,
  type Session,
} from "../workspace/index.ts";
import type { Facts } from "./facts.ts";
import { notesOnChoice, onlineSettings, requireNetwork } from "./online-builds.ts";
import { holderOfKey, tryLockKey } from "./key-lock.ts";
import { judgeLibraries } from "./libraries.ts";
import {
  askAgainLater,
  type Cause,
  causeOf,
  describeFailure,
  type Failure,
} from "./package-failure.ts";
import { findProviders } from "./providers.ts";
import { scratchStart } from "./scratch.ts";
import type { Recall } from "./recall-failures.ts";
import type { Resolved, Resolver } from "./resolver.ts";

export interface PackageTask {
  readonly session: Session;
  readonly facts: Facts;
  readonly resolver: Resolver;
  readonly name: string;
  readonly jobs: number;
  readonly check: CheckMode;
  readonly logFolder: string;
}

/** A package that is built, or checked, beside others. */
export interface RunTask extends PackageTask {
  /** Waits for the job token with which it runs; undefined when nothing is to be begun any more. */
  readonly admit: () => Promise<PackageTokens | undefined>;
  readonly durations: Durations;
  readonly recall: Recall;
  /** Whether the kernel killed it for want of memory once already. */
  readonly isRetry: boolean;
  /** Does it soon, when what waits for this package has begun. */
  readonly later: (act: () => void) => void;
}

export type TaskOutcome =
  | { readonly kind: "built"; readonly check?: PendingCheck }
  | { readonly kind: "reused" }
  /** Another process is at it, and said who it is. */
  | { readonly kind: "busy"; readonly holder: string }
  | { readonly kind: "failed"; readonly failure: () => Failure }
  /** The first time: with nothing beside it, it may succeed. */
  | { readonly kind: "killed-for-memory" }
  /** It needs packages that were not planned for; they are noted. */
  | { readonly kind: "needs-more" }
  | { readonly kind: "interrupted" };

/** A check that may be run now. Until `release` it holds the scratch folder and the lock of its key. */
export interface PendingCheck {
  readonly run: (tokens: PackageTokens) => Promise<CheckOutcome>;
  /** Notes in the store that the result has passed. */
  readonly notePassed: () => void;
  /** It has failed: `release` leaves the scratch folder to a person. */
  readonly keep: () => void;
  readonly release: () => void;
}

/** What is to be given back, the last first. */
type Held = (() => void)[];

/** Does not throw for what a person can cause. */
export async function buildOne(task: RunTask): Promise<TaskOutcome> {
  const { session, resolver, name } = task;
  const { emit } = session.options;
  const { clock } = session.world;
  const recipe = recipeOf(session.workspace.recipes, name);
  let startedMs = clock.monotonicMs();
  const durationMs = (): number => clock.monotonicMs() - startedMs;
  const held: Held = [];
  try {
    const resolved = resolver.resolve(name);
    assert(resolved !== undefined, `${name} was started before what it needs`);
    const lock = tryLockKey(session, resolved);
    if (lock === undefined) return { kind: "busy", holder: holderOfKey(session, resolved) };
    held.push(lock.release);
    if (resolver.find(name, resolved) !== undefined) {
      const { version } = recipe;
      resolver.remember(name);
      emit({ kind: "build-finished", package: name, version, result: "reused", durationMs: 0 });
      return { kind: "reused" };
    }
    const tokens = await task.admit();
    if (tokens === undefined) return { kind: "interrupted" };
    startedMs = clock.monotonicMs();
    try {
      return await buildLocked(task, recipe, { resolved, held, tokens, durationMs });
    } finally {
      tokens.leave();
    }
  } catch (error) {
    if (session.options.signal?.aborted) return { kind: "interrupted" };
    return fail(task, recipe, causeOf(error), durationMs());
  } finally {
    // Removing what a build has left takes longer than beginning the next one.
    if (resolver.artifacts.has(name)) task.later(() => giveBack(held));
    else giveBack(held);
  }
}

function giveBack(held: Held): void {
  for (const give of held.splice(0).toReversed()) give();
}

interface Locked {
  readonly resolved: Resolved;
  readonly held: Held;
  readonly tokens: PackageTokens;
  readonly durationMs: () => number;
}

/** A check takes over what is held. */
async function buildLocked(task: RunTask, recipe: Recipe, locked: Locked): Promise<TaskOutcome> {
  const { session, resolver, name } = task;
  const { resolved, held, tokens, durationMs } = locked;
  const { store, options } = session;
  requireNetwork(session, recipe);
  await fetchSource(session.sources, recipe, pinOf(recipe, session.workspace.lock));
  options.emit({ kind: "build-started", package: name, version: recipe.version });
  const builtFromMs = durationMs();
  const scratch = `${scratchStart(resolved.key)}-${session.world.clock.uniqueId()}`;
  store.removeScratchOf(scratchStart(resolved.key));
  let isKept = false;
  const keep = (): void => {
    isKept = keepFailed(session, name, scratch);
  };
  held.push(() => {
    if (!isKept) store.removeScratch(scratch);
  });
  const folder = store.makeScratch(scratch);
  const { context, job } = prepareJob(task, recipe, { scratch: folder, tokens });
  const outcome = await buildPackage(context, job);
  requireLayersAsBuilt(task);
  if (outcome.kind === "interrupted") return outcome;
  if (outcome.kind === "failed") {
    if (outcome.killedForMemory && !task.isRetry) {
      const text = `${outcome.reason}; it is built again, alone`;
      options.emit({ kind: "note", package: name, text });
      return { kind: "killed-for-memory" };
    }
    keep();
    return fail(task, recipe, outcome, durationMs());
  }
  const refusal = judgeLibraries(session, resolver, name, outcome.libraries);
  if (refusal !== undefined) {
    keep();
    return fail(task, recipe, refusal, durationMs());
  }
  releaseKept(session, name);
  if (recipe.build.online) {
    const more = newNeeds(session.workspace, name, outcome.manifest);
    if (more.length > 0) {
      session.state.noteNeeds(name, [...session.state.notedNeeds(name), ...more]);
      const text = `pip would bring ${more.join(", ")}, which the checkout has: it is built with that`;
      options.emit({ kind: "note", package: name, text });
      return { kind: "needs-more" };
    }
  }
  const choice = recipe.build.online
    ? notesOnChoice(session.workspace, recipe, outcome.manifest)
    : [];
  for (const text of [...outcome.notes, ...choice]) {
    options.emit({ kind: "note", package: name, text });
  }
  const previous = session.state.lastBuild(name)?.artifact;
  const { stage, manifest, bytecode } = outcome;
  const finished = { tree: stage, manifest, ...(bytecode === undefined ? {} : { bytecode }) };
  const record = {
    artifact: await store.addArtifactAside(finished),
    package: name,
    version: recipe.version,
    builtAtMs: session.world.clock.now(),
    durationMs: durationMs(),
    libraries: outcome.libraries,
  };
  store.recordKey(resolved.key, record);
  resolver.settle(name, resolved, record);
  resolver.remember(name);
  task.durations.record("build", name, {
    durationMs: durationMs() - builtFromMs,
    ...mostMemory(outcome.steps),
  });
  options.emit({
    kind: "build-finished",
    package: name,
    version: recipe.version,
    result: previous === record.artifact ? "unchanged" : "built",
    durationMs: record.durationMs,
  });
  const { check } = outcome;
  if (check === undefined) return { kind: "built" };
  const mine = held.splice(0);
  const pending: PendingCheck = {
    run: (own) => {
      const besides = layersOf(task, checkViewOf(session.workspace.recipes, name));
      return check(store.layout.artifactTree(record.artifact), { tokens: own, besides });
    },
    notePassed: () =>
      store.recordKey(resolved.key, { ...record, checked: digestOf(recipe.check ?? "") }),
    keep,
    release: () => giveBack(mine),
  };
  return { kind: "built", check: pending };
}

export function mostMemory(steps: readonly StepTiming[]): { readonly maxRssBytes?: number } {
  const measured = steps.flatMap(({ maxRssBytes }) => maxRssBytes ?? []);
  return measured.length === 0 ? {} : { maxRssBytes: Math.max(...measured) };
}

/** What it needs has been built. Without tokens, where nothing else runs, it keeps to its jobs. */
export function prepareJob(
  task: PackageTask,
  recipe: Recipe,
  { scratch, tokens }: { readonly scratch: string; readonly tokens?: PackageTokens },
): { context: BuildContext; job: BuildJob } {
  const { session, resolver, facts, name } = task;
  const { workspace, store, world, options } = session;
  const pin = pinOf(recipe, workspace.lock);
  const layers = layersOf(task, viewOf(workspace.recipes, name));
  const online = onlineSettings(session, recipe);
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
      layerLinks: store.layout.layers,
      jobs: task.jobs,
      ...(tokens === undefined ? {} : { tokens }),
      logFolder: task.logFolder,
      isBuiltWith: isNeeded(workspace.recipes.values(), name),
      check: task.check !== "no",
      ...(options.signal === undefined ? {} : { signal: options.signal }),
      isolation: facts.isolation,
      store: store.layout.root,
      workspace: workspace.directory,
      writable: facts.writable,
      python: facts.python,
      path: facts.path,
      workspaceEnv: workspace.env,
      ...(online === undefined ? {} : { online }),
    },
  };
}

/** All of them have been built. */
function layersOf({ session, resolver }: PackageTask, names: readonly string[]): Layer[] {
  const { store, world } = session;
  return names.map((name) => {
    const artifact = resolver.artifacts.get(name);
    assert(artifact !== undefined, `${name} has no artifact`);
    const tree = store.layout.artifactTree(artifact);
    const bytecode = store.layout.artifactBytecode(artifact);
    return {
      package: name,
      tree,
      manifest: store.manifestOf(artifact),
      ...(exists(world.disk, bytecode) ? { bytecode } : {}),
    };
  });
}

/** An edit in a prefix that shares their files may have come before or while they were used. */
export function requireLayersAsBuilt({ session, resolver, name }: PackageTask): void {
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

function fail(task: RunTask, recipe: Recipe, cause: Cause, durationMs: number): TaskOutcome {
  const failure = describeFailure(task, recipe, cause);
  task.session.options.emit({ kind: "build-failed", ...failure, durationMs });
  return { kind: "failed", failure: askAgainLater(task, failure, cause) };
}
