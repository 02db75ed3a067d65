/** The only table from what went wrong to the program's exit code. */
import { type ErrorKind, TenonError } from "../core/index.ts";
import { isDiskError } from "../world/index.ts";

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
