/** What a transaction tells while it waits and recovers, as events of the run. */
import { type EventSink, unreachable } from "../core/index.ts";
import type { Recovery, TransactionOptions } from "../install/index.ts";
import type { PrefixLayout } from "../prefix/index.ts";

export interface Teller {
  readonly activity: string;
  readonly sync: boolean;
  readonly emit: EventSink;
  /** Refuse instead of waiting for another process. */
  readonly noWait?: boolean;
  /** Do without RENAME_EXCHANGE where the file system has none. */
  readonly weakRenames?: boolean;
  readonly signal?: AbortSignal;
  /** The store, absolute: what a package gets back may be there. */
  readonly store?: string | undefined;
  /** Told when the prefix has changed: somebody else may keep books of it. */
  readonly onChanged?: ((layout: PrefixLayout) => void) | undefined;
}

export function transactionOptions(teller: Teller): TransactionOptions {
  const { activity, sync, emit, noWait, weakRenames, signal } = teller;
  return {
    activity,
    sync,
    ...(noWait === undefined ? {} : { noWait }),
    ...(weakRenames === undefined ? {} : { weakRenames }),
    ...(signal === undefined ? {} : { signal }),
    onWait: (text) => emit({ kind: "waiting", for: text }),
    onRecovery: (recovery) => emit({ kind: "recovered", text: describeRecovery(recovery) }),
  };
}

export function describeRecovery(recovery: Recovery): string {
  const notes = recovery.notes.map((note) => `; ${note}`).join("");
  switch (recovery.kind) {
    case "given-back":
      return recovery.notes.join("; ");
    case "finished":
      return `finished the interrupted transaction ${recovery.id}${notes}`;
    case "taken-back":
      return `took the interrupted transaction ${recovery.id} back (${recovery.because})${notes}`;
    default:
      return unreachable(recovery);
  }
}
