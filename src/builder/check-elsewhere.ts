/**
 * A package's check where the package was not built, as at a prefix to which it was relocated. The source is there, but
 * not what the build made beside it.
 */
import { readTextIfAny } from "../world/index.ts";
import { findProgram, systemPath } from "../view/index.ts";
import { sourceStep, startBuild } from "./build-package.ts";
import { check } from "./check.ts";
import type { BuildContext, BuildJob, CheckOutcome } from "./job.ts";
import { runStep } from "./run-step.ts";

interface CheckedElsewhere {
  readonly outcome: CheckOutcome;
  /** The system calls that named a file, a line each, as strace tells them; absent where they were not watched. */
  readonly calls?: string;
}

/**
 * Its own files are one of the job's layers, `stage` among them. Without strace, or where the kernel lets it watch nothing,
 * the check runs by itself.
 */
export async function checkElsewhere(
  context: BuildContext,
  job: BuildJob,
  { stage, script }: { readonly stage: string; readonly script: string },
): Promise<CheckedElsewhere> {
  const { disk } = context.world;
  const build = startBuild(context, job);
  const placed = await runStep(build, sourceStep(build));
  if (placed.kind === "interrupted") return { outcome: placed };
  if (placed.kind === "failed")
    return { outcome: { kind: "failed", steps: [], ...placed.failure } };
  const { work, workInside } = build.places;
  const strace = findProgram(disk, "strace", systemPath);
  if (strace !== undefined) {
    const watching = [strace, "-f", "-qq", "-e", "trace=%file", "-o", `${workInside}/${callsFile}`];
    const outcome = await check(build, script, stage, watching);
    const calls = readTextIfAny(disk, `${work}/${callsFile}`) ?? "";
    if (calls !== "") return { outcome, calls };
  }
  return { outcome: await check(build, script, stage) };
}

const callsFile = "tenon/calls";
