/** One package of a run: found in the store, or fetched, built and put there; then its check. */
import type { StepTiming } from "../builder/index.ts";
import { assert, digestOf, showCount } from "../core/index.ts";
import { checkViewOf, recipeOf } from "../plan/index.ts";
import { pinOf, type Recipe } from "../recipe/index.ts";
import { describePin, type FilePin } from "../relocation/index.ts";
import { fetchSource } from "../source/index.ts";
import { releaseKept } from "../workspace/index.ts";
import { buildAt, type Finished, layersOf } from "./build-at.ts";
import { requireNetwork } from "./online-builds.ts";
import { holderOfKey, tryLockKey } from "./key-lock.ts";
import { causeOf } from "./package-failure.ts";
import { scratchStart } from "./scratch.ts";
import { isPinned, type Resolved } from "./resolver.ts";
import {
  fail,
  type Held,
  type Locked,
  type PendingCheck,
  type RunTask,
  type TaskOutcome,
} from "./task.ts";

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
    if (await isKnown(task, resolved)) {
      const { version } = recipe;
      resolver.remember(name);
      emit({ kind: "build-finished", package: name, version, result: "reused", durationMs: 0 });
      return { kind: "reused" };
    }
    const tokens = await task.admit();
    if (tokens === undefined) return { kind: "interrupted" };
    startedMs = clock.monotonicMs();
    try {
      return await buildLocked(task, recipe, {
        resolved,
        lockKey: resolved.key,
        held,
        tokens,
        durationMs,
      });
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

/** Whether the store has it by now, or the shared cache has what nobody could ask for before. */
async function isKnown({ resolver, name, cache }: RunTask, resolved: Resolved): Promise<boolean> {
  if (resolver.find(name, resolved) !== undefined) return true;
  return cache !== undefined && cache.takeLate(name, resolved, resolver);
}

function giveBack(held: Held): void {
  for (const give of held.splice(0).toReversed()) give();
}

/** A check takes over what is held. */
async function buildLocked(task: RunTask, recipe: Recipe, locked: Locked): Promise<TaskOutcome> {
  const { session, resolver, name } = task;
  const { resolved, durationMs } = locked;
  const { store, options } = session;
  requireNetwork(session, recipe);
  await fetchSource(session.sources, recipe, pinOf(recipe, session.workspace.lock));
  options.emit({ kind: "build-started", package: name, version: recipe.version });
  const builtFromMs = durationMs();
  store.removeScratchOf(scratchStart(resolved.key));
  const first =
    findPinned(task, resolved) ??
    (await buildAt(task, recipe, { ...locked, at: resolver.placeOf(name) }));
  if (first.kind !== "finished") return first;
  const own = isPinned(first.record) ? await buildOwn(task, recipe, locked, first) : undefined;
  if (own !== undefined && own.kind !== "finished") return own;
  releaseKept(session, name);
  const last = own ?? first;
  const previous = session.state.lastBuild(name)?.artifact;
  resolver.settle(name, first, own);
  resolver.remember(name);
  task.durations.record("build", name, {
    durationMs: last.stepsMs ?? durationMs() - builtFromMs,
    ...mostMemory(last.steps),
  });
  options.emit({
    kind: "build-finished",
    package: name,
    version: recipe.version,
    result: previous === first.record.artifact ? "unchanged" : "built",
    durationMs: last.record.durationMs,
  });
  return last.check === undefined
    ? { kind: "built" }
    : { kind: "built", check: pendingCheck(task, last, last.check, locked) };
}

/** The result that a pinned package was found with, where only the one at the prefix's own path is missing. */
function findPinned(
  { session, resolver, name }: RunTask,
  resolved: Resolved,
): Finished | undefined {
  if (resolver.placeOf(name) === "prefix") return undefined;
  const record = session.store.lookUp(resolved.key);
  if (record === undefined || !isPinned(record)) return undefined;
  return { kind: "finished", resolved, record, at: "placeholder", steps: [], keep: () => {} };
}

/** At the prefix's own path, since it names the placeholder in a way in which it cannot name the prefix. */
async function buildOwn(
  task: RunTask,
  recipe: Recipe,
  locked: Locked,
  { record: { pins = [] }, resolved, record }: Finished,
): Promise<Finished | TaskOutcome> {
  const { session, resolver, name } = task;
  session.options.emit({ kind: "note", package: name, text: describePins(pins) });
  // What it needs is settled by now, and so is, for its own view, what others see of it.
  resolver.settle(name, { resolved, record });
  return buildAt(task, recipe, {
    ...locked,
    resolved: resolver.resolveOwn(name),
    at: "prefix",
  });
}

function describePins(pins: readonly FilePin[]): string {
  const [first, ...others] = pins;
  if (first === undefined) return "";
  const more =
    others.length === 0 ? "" : `, and so it is in ${showCount(others.length, "more place")}`;
  return `it is built for this prefix alone: ${describePin(first)}${more}`;
}

export function mostMemory(steps: readonly StepTiming[]): { readonly maxRssBytes?: number } {
  const measured = steps.flatMap(({ maxRssBytes }) => maxRssBytes ?? []);
  return measured.length === 0 ? {} : { maxRssBytes: Math.max(...measured) };
}

function pendingCheck(
  task: RunTask,
  { record, resolved, at, keep }: Finished,
  check: NonNullable<Finished["check"]>,
  { held }: Locked,
): PendingCheck {
  const { session, name } = task;
  const { store, workspace } = session;
  const mine = held.splice(0);
  return {
    run: (own) => {
      const besides = layersOf(task, checkViewOf(workspace.recipes, name), { at });
      return check(store.layout.artifactTree(record.artifact), { tokens: own, besides });
    },
    notePassed: () =>
      store.recordKey(resolved.key, {
        ...record,
        checked: digestOf(recipeOf(workspace.recipes, name).check ?? ""),
      }),
    keep,
    release: () => giveBack(mine),
  };
}
