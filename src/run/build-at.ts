/** One build of a package at one place, and what comes of it into the store. */
import {
  type BuildContext,
  type BuildJob,
  type BuildOutcome,
  buildPackage,
  type Layer,
  type StepTiming,
} from "../builder/index.ts";
import { assert, type Digest, TenonError } from "../core/index.ts";
import type { OutcomeElsewhere } from "../execution/index.ts";
import { isUsedInBuilds, viewOf } from "../plan/index.ts";
import { pinOf, type Recipe } from "../recipe/index.ts";
import { placeholder } from "../relocation/index.ts";
import { type KeyRecord, relocateArtifact } from "../store/index.ts";
import type { PackageTokens } from "../tokens/index.ts";
import { exists } from "../world/index.ts";
import { keepFailed, newNeeds, type Session } from "../workspace/index.ts";
import { buildAway, stepsMs } from "./away.ts";
import type { BuildPlace } from "./build-place.ts";
import { judgeLibraries } from "./libraries.ts";
import { notesOnChoice, onlineSettings } from "./online-builds.ts";
import type { Cause } from "./package-failure.ts";
import {
  fail,
  type Held,
  type Locked,
  type PackageTask,
  type RunTask,
  type TaskOutcome,
} from "./task.ts";
import { findProviders } from "./providers.ts";
import type { Result } from "./resolver.ts";
import { scratchStart } from "./scratch.ts";

type Outcome = BuildOutcome | OutcomeElsewhere;
type Built = Extract<Outcome, { kind: "built" }>;
type BuiltHere = Extract<BuildOutcome, { kind: "built" }>;

/** It is in the store; its scratch folder is held for its check. */
export interface Finished extends Result {
  readonly kind: "finished";
  readonly at: BuildPlace;
  readonly steps: readonly StepTiming[];
  readonly check?: NonNullable<BuiltHere["check"]>;
  /** How long its steps took, where it waited for a worker besides. */
  readonly stepsMs?: number;
  /** The scratch folder is left to a person. */
  readonly keep: () => void;
}

export async function buildAt(
  task: RunTask,
  recipe: Recipe,
  locked: Locked & { readonly at: BuildPlace },
): Promise<Finished | TaskOutcome> {
  const { session, name } = task;
  const { at, held, tokens, durationMs } = locked;
  const { store, options } = session;
  const scratch = `${scratchStart(locked.lockKey)}-${session.world.clock.uniqueId()}`;
  let isKept = false;
  const keep = (): void => {
    isKept = keepFailed(session, name, scratch);
  };
  held.push(() => {
    // A tree of compiled files takes long to remove, and who interrupts waits: the next build does it.
    if (!isKept && options.signal?.aborted !== true) store.removeScratch(scratch);
  });
  const folder = store.makeScratch(scratch);
  const { context, job } = prepareJob(task, recipe, { scratch: folder, tokens, at });
  const outcome = await buildSomewhere(task, at, { context, job, held });
  requireLayersAsBuilt(task);
  if (outcome.kind === "interrupted") return outcome;
  const refuse = (cause: Cause): TaskOutcome => {
    keep();
    return fail(task, recipe, cause, durationMs());
  };
  if (outcome.kind === "failed") {
    if (!outcome.killedForMemory || task.isRetry) return refuse(outcome);
    const text = `${outcome.reason}; it is built again, alone`;
    options.emit({ kind: "note", package: name, text });
    return { kind: "killed-for-memory" };
  }
  const joins = outcome.pins.length === 0;
  const refusal = joins
    ? judgeLibraries(session, task.resolver, name, outcome.libraries)
    : undefined;
  if (refusal !== undefined) return refuse(refusal);
  if (recipe.build.online && noteNewNeeds(task, outcome)) return { kind: "needs-more" };
  tellNotes(task, recipe, outcome);
  return finish(task, recipe, { ...locked, outcome, keep });
}

/** Here, or where a worker is for it. */
async function buildSomewhere(
  task: RunTask,
  at: BuildPlace,
  building: { readonly context: BuildContext; readonly job: BuildJob; readonly held: Held },
): Promise<Outcome> {
  const { executor } = task;
  const elsewhere =
    executor === undefined || at === "prefix"
      ? undefined
      : await buildAway(executor, task, building);
  return elsewhere ?? buildPackage(building.context, building.job);
}

/** Whether pip would bring what the workspace has packages of; they are noted then. */
function noteNewNeeds({ session, name }: RunTask, { manifest }: Built): boolean {
  const more = newNeeds(session.workspace, name, manifest);
  if (more.length === 0) return false;
  session.state.noteNeeds(name, [...session.state.notedNeeds(name), ...more]);
  const text = `pip would bring ${more.join(", ")}, which the checkout has: it is built with that`;
  session.options.emit({ kind: "note", package: name, text });
  return true;
}

function tellNotes({ session, name }: RunTask, recipe: Recipe, { notes, manifest }: Built): void {
  const choice = recipe.build.online ? notesOnChoice(session.workspace, recipe, manifest) : [];
  for (const text of [...notes, ...choice])
    session.options.emit({ kind: "note", package: name, text });
}

async function finish(
  { session, name }: RunTask,
  { version }: Recipe,
  done: Locked & { readonly at: BuildPlace; readonly outcome: Built; readonly keep: () => void },
): Promise<Finished> {
  const { at, resolved, outcome, keep } = done;
  const { pins, libraries, steps, check } = outcome;
  const record: KeyRecord = {
    artifact: "artifact" in outcome ? outcome.artifact : await takeIn(session, outcome),
    package: name,
    version,
    builtAtMs: session.world.clock.now(),
    durationMs: done.durationMs(),
    libraries,
    ...(pins.length === 0 ? {} : { pins }),
  };
  session.store.recordKey(resolved.key, record);
  return {
    kind: "finished",
    resolved,
    record,
    at,
    steps,
    keep,
    ...("artifact" in outcome ? { stepsMs: stepsMs(steps) } : {}),
    ...(check === undefined ? {} : { check }),
  };
}

function takeIn(
  { store }: Session,
  { stage: tree, manifest, bytecode }: BuiltHere,
): Promise<Digest> {
  return store.addArtifactAside({
    tree,
    manifest,
    ...(bytecode === undefined ? {} : { bytecode }),
  });
}

interface JobPlace {
  readonly scratch: string;
  readonly tokens?: PackageTokens;
  readonly at: BuildPlace;
  /** Instead of the placeholder: a path that is on no disk either. */
  readonly elsewhere?: string;
}

/** What it needs has been built. Without tokens, where nothing else runs, it keeps to its jobs. */
export function prepareJob(
  task: PackageTask,
  recipe: Recipe,
  { scratch, tokens, at, elsewhere = placeholder }: JobPlace,
): { context: BuildContext; job: BuildJob } {
  const { session, resolver, facts, name } = task;
  const { workspace, store, world, options } = session;
  const pin = pinOf(recipe, workspace.lock);
  const layers = layersOf(task, viewOf(workspace.recipes, name), { at, elsewhere });
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
      ...(at === "prefix"
        ? { prefix: session.layout.prefix }
        : { prefix: elsewhere, livePrefix: session.layout.prefix }),
      layers,
      layerLinks: store.layout.layers,
      jobs: task.jobs,
      ...(tokens === undefined ? {} : { tokens }),
      logFolder: task.logFolder,
      isBuiltWith: isUsedInBuilds(workspace.recipes, name),
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

/** All of them have been built. What was built at another place than a view's is shown relocated. */
export function layersOf(
  task: PackageTask,
  names: readonly string[],
  { at, elsewhere = placeholder }: Pick<JobPlace, "at" | "elsewhere">,
): Layer[] {
  const { session, resolver } = task;
  const { store, layout } = session;
  const target = at === "prefix" ? layout.prefix : elsewhere;
  const isElsewhere = at === "placeholder" && elsewhere !== placeholder;
  return names.map((name) => {
    const result = at === "prefix" ? resolver.joining(name)?.record : undefined;
    const artifact = result?.artifact ?? resolver.artifacts.get(name);
    assert(artifact !== undefined, `${name} has no artifact`);
    if (at !== resolver.placeOf(name) || isElsewhere)
      return relocatedLayer(session, { package: name, artifact }, target);
    const bytecode = store.layout.artifactBytecode(artifact);
    return {
      package: name,
      tree: store.layout.artifactTree(artifact),
      manifest: store.manifestOf(artifact),
      ...(exists(session.world.disk, bytecode) ? { bytecode } : {}),
    };
  });
}

/** What an artifact is at another path than the one at which it was built. */
export function relocatedLayer(
  { store, world }: Session,
  { package: name, artifact }: { readonly package: string; readonly artifact: Digest },
  target: string,
): Layer {
  const manifest = store.manifestOf(artifact);
  const relocated = relocateArtifact(world, store, { id: artifact, manifest }, target);
  if (relocated === undefined) throw editedMeanwhile(name, name);
  const { made } = relocated;
  return {
    package: name,
    tree: store.layout.artifactTree(artifact),
    manifest: relocated.manifest,
    ...(made === undefined ? {} : { relocated: made.tree }),
  };
}

/** An edit in a prefix that shares their files may have come before or while they were used. */
export function requireLayersAsBuilt({ session, resolver, name }: PackageTask): void {
  const edited = viewOf(session.workspace.recipes, name).find(
    (dependency) => !session.store.isAsBuilt(resolver.artifacts.get(dependency) ?? ""),
  );
  if (edited === undefined) return;
  throw editedMeanwhile(edited, name);
}

function editedMeanwhile(edited: string, name: string): TenonError {
  return new TenonError({
    kind: "machine",
    code: "DEPENDENCY_EDITED",
    message: `${edited} was edited in a prefix while ${name} was built with it`,
    hints: [`Run the command again: ${edited} is then built anew.`],
  });
}
