/** The contract of a simulated Disk: what a test can do to it beyond what a Disk does. */
import type { Disk } from "../disk.ts";
import type { Fate } from "./durability.ts";
import type { FaultPlan, DiskOperation } from "./faults.ts";
import type { SpecialInode } from "./image.ts";
import type { Snapshot, Tree } from "./trees.ts";

/** One process's sight of a simulated machine's file systems. */
export interface SimulatedDisk extends Disk {
  /** Differs for every process that the machine ever had. */
  readonly processId: number;
  /** Whether a process of this machine has this number now. */
  readonly isAlive: (processId: number) => boolean;
  /** Whether this process is dead: stopped by its plan, or crashed. */
  readonly stopped: boolean;
  /** Replaces this process's plan, and counts its operations from 0 again. */
  plan(plan: FaultPlan): void;
  /** What this process did since its plan, or since its start; what the plan refused is not listed. */
  readonly operations: readonly DiskOperation[];
  /** The changes, of all processes, that a power loss can undo; oldest first. */
  readonly pending: readonly DiskOperation[];

  /** The process of that name, with its own locks and plan; a new one when it is dead. */
  asProcess(name: string): SimulatedDisk;
  /**
   * Kills this process: its locks are gone, what it did stays visible. Every later call on it
   * throws SimulatedStop. Gives a new process of the same name.
   */
  crash(): SimulatedDisk;
  /**
   * The machine as it starts again after a power loss, which keeps the pending operations that are
   * chosen and fit, and loses the others. This machine is not touched.
   */
  powerLoss(choose: (operation: DiskOperation, index: number) => Fate): SimulatedDisk;
  /** Another machine in the same state, unsynced changes included; without locks. */
  copy(): SimulatedDisk;

  /** The tree below a directory, for comparison. Not counted. */
  snapshot(path: string): Snapshot;
  /** Makes the tree below a directory, and makes all that is on the disk durable. Not counted. */
  plant(path: string, tree: Tree): void;
  /** Makes a device (0, 0: an overlay's whiteout), a fifo or a socket. Durable, not counted. */
  plantSpecial(path: string, type: SpecialInode["type"]): void;
  /** Gives a file an extended attribute. Durable, not counted. */
  plantAttribute(path: string, name: string): void;
  /** Makes the directories below a directory, and itself, ones of an overlay's lower layer. */
  sink(path: string): void;
}
