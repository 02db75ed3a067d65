/** The only table from what went wrong to the program's exit code. */
import { type ErrorKind, TenonError } from "../core/index.ts";
import { isDiskError, type Outcome } from "../world/index.ts";

export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  conflict: 3,
  machine: 4,
  internal: 70,
  interrupted: 130,
} as const;

const byKind: Readonly<Record<ErrorKind, number>> = {
  usage: exitCodes.usage,
  recipe: exitCodes.usage,
  source: exitCodes.failed,
  conflict: exitCodes.conflict,
  machine: exitCodes.machine,
  interrupted: exitCodes.interrupted,
  internal: exitCodes.internal,
};

export function exitCodeOf(error: unknown): number {
  if (error instanceof TenonError) return byKind[error.kind];
  return isDiskError(error) ? exitCodes.machine : exitCodes.internal;
}

/** By signal(7), as far as programs die of them by themselves or by somebody's hand. */
const signals: Readonly<Record<string, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGILL: 4,
  SIGTRAP: 5,
  SIGABRT: 6,
  SIGBUS: 7,
  SIGFPE: 8,
  SIGKILL: 9,
  SIGUSR1: 10,
  SIGSEGV: 11,
  SIGUSR2: 12,
  SIGPIPE: 13,
  SIGALRM: 14,
  SIGTERM: 15,
};

/** Of a program that a command has run in its own place: as shells and env(1) have it. */
export function exitCodeOfProgram(outcome: Outcome): number {
  switch (outcome.kind) {
    case "exited":
      return outcome.code;
    case "killed":
      return 128 + (signals[outcome.signal] ?? 0);
    case "missing":
      return outcome.reason.includes("EACCES") ? 126 : 127;
    case "timed-out":
      return exitCodes.failed;
  }
}
