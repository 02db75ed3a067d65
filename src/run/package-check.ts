/**
 * The check of one package that was just built.
 *
 * The rule of checks: with `--check`, nothing joins the prefix whose check has not passed. A result
 * that has passed is noted in the store, together with the check's own digest; one without such a
 * note counts as not built. A check that fails makes the run fail, and a failed run changes nothing
 * in the prefix, neither by the package nor by what depends on it. With `--check=warn`, what is built
 * is checked, and a failure is only told.
 */
import type { CheckOutcome } from "../builder/index.ts";
import { stepsMs } from "./away.ts";
import { requireLayersAsBuilt } from "./build-at.ts";
import type { PackageTokens } from "../tokens/index.ts";
import { recipeOf } from "../plan/index.ts";
import {
  askAgainLater,
  type Cause,
  causeOf,
  describeFailure,
  type PackageFailure,
} from "./package-failure.ts";
import { mostMemory } from "./package-task.ts";
import type { PendingCheck, RunTask } from "./task.ts";

type CheckResult =
  | { readonly kind: "passed" | "warned" | "interrupted" }
  | { readonly kind: "failed"; readonly failure: () => PackageFailure };

/** Gives back what the check holds, however it ends. */
export async function checkOne(task: RunTask, pending: PendingCheck): Promise<CheckResult> {
  try {
    const tokens = await task.admit();
    if (tokens === undefined) return { kind: "interrupted" };
    try {
      return await checkAdmitted(task, pending, tokens);
    } finally {
      tokens.leave();
    }
  } finally {
    pending.release();
  }
}

async function checkAdmitted(
  task: RunTask,
  pending: PendingCheck,
  tokens: PackageTokens,
): Promise<CheckResult> {
  const { session, name, durations } = task;
  const { emit } = session.options;
  const { clock } = session.world;
  const recipe = recipeOf(session.workspace.recipes, name);
  const { version } = recipe;
  const startedMs = clock.monotonicMs();
  emit({ kind: "check-started", package: name, version });
  const outcome = await runPending(task, pending, tokens);
  if (outcome.kind === "interrupted") return outcome;
  const durationMs = clock.monotonicMs() - startedMs;
  if (outcome.kind === "passed") {
    pending.notePassed();
    const tookMs = task.executor === undefined ? durationMs : stepsMs(outcome.steps);
    durations.record("check", name, { durationMs: tookMs, ...mostMemory(outcome.steps) });
    emit({ kind: "check-finished", package: name, version, durationMs });
    return { kind: "passed" };
  }
  pending.keep();
  const isWarning = task.check === "warn";
  const cause = isWarning ? outcome : withCure(outcome);
  const failure = describeFailure(task, recipe, cause);
  const { step: _step, ...facts } = failure;
  emit({ kind: "check-failed", ...facts, isWarning, durationMs });
  if (isWarning) return { kind: "warned" };
  return { kind: "failed", failure: askAgainLater(task, failure, cause) };
}

function withCure(cause: Cause): Cause {
  const cure = "Join it all the same with --check=warn, or without --check.";
  const { hints, askAgain = () => hints } = cause;
  return { ...cause, hints: [...hints, cure], askAgain: () => [...askAgain(), cure] };
}

async function runPending(
  task: RunTask,
  pending: PendingCheck,
  tokens: PackageTokens,
): Promise<CheckOutcome> {
  try {
    const outcome = await pending.run(tokens);
    requireLayersAsBuilt(task);
    return outcome;
  } catch (error) {
    if (task.session.options.signal?.aborted) return { kind: "interrupted" };
    return { kind: "failed", steps: [], ...causeOf(error), step: "check" };
  }
}
