/** `tenon rollback`: the prefix as it was before a transaction. */
import { typedWord, TenonError } from "../core/index.ts";
import { type HistoryEntry, planRollback, readHistory } from "../install/index.ts";
import type { PrefixLayout } from "../prefix/index.ts";
import { openTrustedStore } from "../trust/index.ts";
import { type Ended, type OpenPrefix, operate } from "./operate.ts";

interface RolledBack {
  readonly kind: "rolled-back";
  readonly undone: readonly HistoryEntry[];
}

/** `id` is the oldest transaction that is to be undone; the newest when absent. */
export async function rollBack(prefix: OpenPrefix, id?: string): Promise<Ended<RolledBack>> {
  const { world, layout } = prefix;
  const store = openTrustedStore(world, prefix, prefix.store, { sync: prefix.sync });
  const { change, undone } = planRollback(world.disk, layout, id, (artifact) =>
    store.treesOf(artifact, layout.prefix),
  );
  const newest = undone[0]?.id;
  return operate(prefix, {
    change,
    mustHold: () => {
      if (readHistory(world.disk, layout)[0]?.id !== newest) throw changedMeanwhile(layout);
    },
    cures: { owned: ["Another package has taken the path since: remove that one first."] },
    result: () => ({ kind: "rolled-back", undone }),
  });
}

function changedMeanwhile({ prefix }: PrefixLayout): TenonError {
  return new TenonError({
    kind: "conflict",
    code: "CHANGED_MEANWHILE",
    message: `another process has changed ${prefix} meanwhile; nothing was rolled back`,
    hints: [`Look at \`tenon history --prefix ${typedWord(prefix)}\`, then run the command again.`],
  });
}
