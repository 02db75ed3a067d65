/** Running one step: its part of the log, its time, and what became of it. */
import { TenonError } from "../core/index.ts";
import { runProgram } from "./run-program.ts";
import type { Run, StepEnd, StepOutcome } from "./run.ts";
import { seconds, titleOf, writeLog } from "./step-log.ts";
import type { ActStep, Explanation, Step } from "./step.ts";

/** `onStage`: what the step writes into the prefix is thrown away, and it sees the stage. */
export async function runStep(
  run: Run,
  step: Step,
  options: { onStage: boolean } = { onStage: false },
): Promise<StepOutcome> {
  const { world } = run.context;
  const { logFile, recipe, signal } = run.job;
  const log = (text: string): void =>
    writeLog(world.disk, logFile, `== ${recipe.name}: ${step.name}: ${text}\n`);
  if (signal?.aborted) return { kind: "interrupted" };
  log(titleOf(step));
  const startMs = world.clock.monotonicMs();
  const loggedBytes = world.disk.status(logFile)?.sizeBytes ?? 0;
  const { words, failure, processorMs } =
    step.kind === "act"
      ? await performAct(step)
      : await runProgram(run, step, { ...options, loggedBytes });
  const wallMs = world.clock.monotonicMs() - startMs;
  const used = processorMs === undefined ? {} : { processorMs };
  run.timings.push({ name: step.name, wallMs, ...used });
  const usedWords = processorMs === undefined ? "" : `, ${seconds(processorMs)} of processor time`;
  log(`${words}, ${seconds(wallMs)}${usedWords}`);
  if (signal?.aborted) return { kind: "interrupted" };
  return failure === undefined ? { kind: "done" } : { kind: "failed", failure };
}

async function performAct(step: ActStep): Promise<StepEnd> {
  const explanation = await explainThrown(step.act);
  if (explanation === undefined) return { words: "done" };
  const failure = { step: step.name, ...explanation, logTail: [] };
  return { words: `failed: ${explanation.reason}`, failure };
}

/** What is wrong with a source or a recipe fails the package; what is wrong with the machine, all. */
async function explainThrown(act: ActStep["act"]): Promise<Explanation | undefined> {
  try {
    return await act();
  } catch (error) {
    const isPackages =
      error instanceof TenonError && ["source", "recipe", "conflict"].includes(error.kind);
    if (!isPackages) throw error;
    return { reason: error.message, hints: error.hints };
  }
}
