/** What has come of a run so far, and how it ends by that. */
import type { Conflict } from "../install/index.ts";
import type { PackageFailure } from "./package-failure.ts";
import type { PendingCheck } from "./task.ts";

export interface RunBook {
  readonly failures: (() => PackageFailure)[];
  readonly conflicts: Conflict[];
  /** Packages that have joined already: only where there are no views. */
  readonly joined: string[];
  /** What had to leave then, because its files were in the way. */
  readonly removed: string[];
  /** Checks that wait for their turn, by package. */
  readonly checks: Map<string, PendingCheck>;
  /** What the kernel has killed for memory, and with how many jobs it is built again. */
  readonly retried: Map<string, number>;
  /** How often a package was put off, because another process builds it. */
  readonly waits: Map<string, number>;
  built: number;
  /** A package needs others that were not planned for. */
  needsMore: boolean;
  /** The store that has dropped something. */
  damagedStore?: string;
}

export function openRunBook(): RunBook {
  return {
    failures: [],
    conflicts: [],
    joined: [],
    removed: [],
    checks: new Map(),
    retried: new Map(),
    waits: new Map(),
    built: 0,
    needsMore: false,
  };
}

/** Whether nothing more is to be begun. */
export function isStopped(
  { failures, conflicts, damagedStore }: RunBook,
  { failFast, signal }: { readonly failFast: boolean; readonly signal?: AbortSignal },
): boolean {
  return (
    signal?.aborted === true ||
    (failFast && failures.length > 0) ||
    conflicts.length > 0 ||
    damagedStore !== undefined
  );
}
