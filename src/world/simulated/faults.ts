/** Faults: what a test plans to go wrong, and the gate that every call of a process passes. */
import { DiskError, type ErrnoCode } from "../disk.ts";

/** One operation that was done, or that a power loss may undo. */
export interface DiskOperation {
  /**
   * As the kernel's calls are named: `create`, `write`, `mkdir`, `symlink`, `link`, `chmod`, `utimes`,
   * `rename`, `exchange`, `unlink`, `rmdir`, `fsync`, `syncfs`, `lock`, `removexattr`.
   */
  readonly name: string;
  readonly path: string;
  readonly to?: string;
}

/** Operations are counted from 0, from the moment of the plan on. */
export interface FaultPlan {
  /** The process is dead before operation n: this call and every later one throw SimulatedStop. */
  readonly stopAt?: number;
  readonly failAt?: { readonly n: number; readonly code: ErrnoCode };
  /** From n on every operation fails; with ENOSPC or EDQUOT only those that need space. */
  readonly failFrom?: { readonly n: number; readonly code: ErrnoCode };
  /** Called before each operation, so that another process can do something just then. */
  readonly before?: (n: number, operation: DiskOperation) => void;
  /** Counts reading calls too, under names such as `status`, `list` and `read`. */
  readonly countReads?: boolean;
}

/** A simulated process was killed. Not a DiskError, so that no handler takes it for one. */
export class SimulatedStop extends Error {
  constructor(operation: DiskOperation) {
    super(`the process was stopped before ${operation.name} ${operation.path}`);
    this.name = "SimulatedStop";
  }
}

export interface SimulatedProcess {
  readonly id: string;
  readonly number: number;
  plan: FaultPlan;
  count: number;
  operations: DiskOperation[];
  stopped: boolean;
}

export function makeProcess(id: string, number: number): SimulatedProcess {
  return { id, number, plan: {}, count: 0, operations: [], stopped: false };
}

export function startPlan(process: SimulatedProcess, plan: FaultPlan): void {
  process.plan = plan;
  process.count = 0;
  process.operations = [];
}

/** Lets an operation through, or throws what was planned instead. */
export function passGate(
  process: SimulatedProcess,
  operation: DiskOperation,
  stop: () => void,
): void {
  refuseTheDead(process, operation);
  const n = process.count++;
  process.plan.before?.(n, operation);
  refuseTheDead(process, operation);
  if (n >= (process.plan.stopAt ?? Infinity)) {
    stop();
    throw new SimulatedStop(operation);
  }
  const code = faultFor(process.plan, n, operation);
  if (code !== undefined) {
    throw new DiskError({ code, operation: operation.name, path: operation.to ?? operation.path });
  }
  process.operations.push(operation);
}

export function refuseTheDead(process: SimulatedProcess, operation: DiskOperation): void {
  if (process.stopped) throw new SimulatedStop(operation);
}

const needsSpace = new Set(["create", "write", "mkdir", "symlink", "link"]);

function faultFor(plan: FaultPlan, n: number, operation: DiskOperation): ErrnoCode | undefined {
  if (plan.failAt?.n === n) return plan.failAt.code;
  if (plan.failFrom === undefined || n < plan.failFrom.n) return undefined;
  const { code } = plan.failFrom;
  const isFull = code === "ENOSPC" || code === "EDQUOT";
  return isFull && !needsSpace.has(operation.name) ? undefined : code;
}
