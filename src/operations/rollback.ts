/** `tenon rollback`: the prefix as it was before a transaction. */
import { shellWord, TenonError } from "../core/index.ts";
import { type Conflict, type HistoryEntry, planRollback, readHistory } from "../install/index.ts";
import type { PrefixLayout } from "../prefix/index.ts";
import type { World } from "../world/index.ts";
import { changeAndTell } from "./change-and-tell.ts";
import type { Teller } from "./transaction-events.ts";
import { openTrustedStore, type TrustOptions } from "../trust/index.ts";

export interface RollbackOptions extends Teller, TrustOptions {
  /** The oldest transaction that is to be undone; the newest when absent. */
  readonly id?: string;
  /** The machine's store, absolute. */
  readonly store: string | undefined;
}

export type RollbackResult =
  | { readonly kind: "rolled-back"; readonly undone: readonly HistoryEntry[] }
  | { readonly kind: "conflict"; readonly conflicts: readonly Conflict[] };

export async function rollBack(
  world: World,
  layout: PrefixLayout,
  options: RollbackOptions,
): Promise<RollbackResult> {
  const { disk } = world;
  const store = openTrustedStore(world, options, options.store, { sync: options.sync });
  const plan = planRollback(disk, layout, options.id, store.layout.artifactTree);
  const newest = plan.undone[0]?.id;
  const precondition = (): void => {
    if (readHistory(disk, layout)[0]?.id !== newest) throw changedMeanwhile(layout);
  };
  const outcome = await changeAndTell(world, layout, plan.change, { ...options, precondition });
  if (outcome.kind === "conflict") return outcome;
  return { kind: "rolled-back", undone: plan.undone };
}

function changedMeanwhile({ prefix }: PrefixLayout): TenonError {
  return new TenonError({
    kind: "conflict",
    code: "CHANGED_MEANWHILE",
    message: `another process has changed ${prefix} meanwhile; nothing was rolled back`,
    hints: [`Look at \`tenon history --prefix ${shellWord(prefix)}\`, then run the command again.`],
  });
}
