/** Telling a step whose process the kernel ended for want of memory from one that failed by itself. */
import type { Outcome } from "../world/index.ts";
import type { StepFailure } from "./job.ts";

interface EndedStep {
  readonly outcome: Outcome;
  /** The step's part of the log, or its end. */
  readonly log: string;
  /** How many processes of the machine the kernel has killed for memory meanwhile. */
  readonly oomKills: number;
}

/** The compiler's driver says so by itself; nothing but the kernel sends this signal to a compiler. */
const saidByCompiler = /Killed signal terminated program (\S+)/;
/** As shells, make and ninja tell of a process that was killed; on its own it may have been anybody. */
const saidByOthers = /\bKilled\b|\bError 137\b|\bsignal 9\b|\bSIGKILL\b/;

export function wasKilledForMemory({ outcome, log, oomKills }: EndedStep): boolean {
  if (saidByCompiler.test(log)) return true;
  if (oomKills === 0) return false;
  const wasKilled =
    (outcome.kind === "exited" && outcome.code === 137) ||
    (outcome.kind === "killed" && outcome.signal === "SIGKILL");
  return wasKilled || saidByOthers.test(log);
}

export function asKilledForMemory(failure: StepFailure, log: string): StepFailure {
  const program = saidByCompiler.exec(log)?.[1] ?? "a process of it";
  const { askAgain: _askAgain, ...rest } = failure;
  return {
    ...rest,
    reason: `the kernel killed ${program} because there was too little memory`,
    hints: ["Let less run at once, with -j or --memory, or give the machine more memory."],
    cause: "killed",
    killedForMemory: true,
  };
}
