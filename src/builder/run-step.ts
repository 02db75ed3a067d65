/** Running one step: its part of the log, its time, and what became of it. */
import { TenonError } from "../core/index.ts";
import { entryOf, writeEntry } from "./entry.ts";
import { runProgram } from "./run-program.ts";
import type { PackageBuild, StepEnd, StepOutcome } from "./package-build.ts";
import { describeUsage, titleOf, writeLog } from "./step-log.ts";
import type { ActStep, StepRefusal, Step } from "./step.ts";

/** `onStage`: what the step writes into the prefix is thrown away, and it sees the stage. */
export async function runStep(
  build: PackageBuild,
  step: Step,
  options: { onStage: boolean } = { onStage: false },
): Promise<StepOutcome> {
  const { world, emit } = build.context;
  const { recipe, signal } = build.job;
  const logFile = `${build.job.logFolder}/${build.timings.length + 1}-${step.name}.log`;
  const log = (text: string): void =>
    writeLog(world.disk, logFile, `== ${recipe.name}: ${step.name}: ${text}\n`);
  if (signal?.aborted) return { kind: "interrupted" };
  const title = titleOf(step);
  const place = { package: recipe.name, step: step.name };
  log(title);
  emit?.({ kind: "step-started", ...place, title, logFile });
  const startMs = world.clock.monotonicMs();
  const loggedBytes = world.disk.status(logFile)?.sizeBytes ?? 0;
  const { words, failure, used } =
    step.kind === "act"
      ? await performAct(step)
      : await runProgram(build, step, { ...options, logFile, loggedBytes });
  const usage = { wallMs: Math.round(world.clock.monotonicMs() - startMs), ...used };
  build.timings.push({ name: step.name, ...usage });
  log(`${words}, ${describeUsage(usage)}`);
  const result = signal?.aborted ? "interrupted" : failure === undefined ? "done" : "failed";
  emit?.({ kind: "step-finished", ...place, result, ...usage });
  if (signal?.aborted) return { kind: "interrupted" };
  if (failure === undefined) return { kind: "done" };
  writeEntry(world.disk, build.places.scratch, entryOf(build, step, options.onStage));
  return { kind: "failed", failure: { ...failure, logFile } };
}

async function performAct(step: ActStep): Promise<StepEnd> {
  const explanation = await explainThrown(step.act);
  if (explanation === undefined) return { words: "done" };
  const failure = { step: step.name, ...explanation, logTail: [] };
  return { words: `failed: ${explanation.reason}`, failure };
}

/** What is wrong with a source or a recipe fails the package; what is wrong with the machine, all. */
async function explainThrown(act: ActStep["act"]): Promise<StepRefusal | undefined> {
  try {
    return await act();
  } catch (error) {
    const isPackages =
      error instanceof TenonError && ["source", "recipe", "conflict"].includes(error.kind);
    if (!isPackages) throw error;
    return { reason: error.message, hints: error.hints };
  }
}
