/** A transaction of a command, with what it did told as events. */
import { summarize } from "../core/index.ts";
import { type Change, changePrefix, type TransactionOutcome } from "../install/index.ts";
import type { PrefixLayout } from "../prefix/index.ts";
import type { World } from "../world/index.ts";
import { findGone } from "../distributions/index.ts";
import { refuseLinkedOut } from "./refuse-linked-out.ts";
import { refuseOutside } from "../distributions/index.ts";
import { type Teller, transactionOptions } from "./transaction-events.ts";

export async function changeAndTell(
  world: World,
  layout: PrefixLayout,
  change: Change,
  teller: Teller & { readonly precondition?: () => void },
): Promise<TransactionOutcome> {
  const startedMs = world.clock.monotonicMs();
  const gone = findGone(world.disk, layout, change);
  const outcome = await changePrefix(
    world,
    layout,
    { ...change, gone },
    {
      ...transactionOptions(layout, teller),
      precondition: () => {
        teller.precondition?.();
        refuseOutside(world.disk, layout, change);
      },
    },
  );
  if (outcome.kind === "conflict") refuseLinkedOut(world.disk, layout, outcome.conflicts);
  if (outcome.kind !== "done") return outcome;
  for (const text of outcome.notes) teller.emit({ kind: "note", text });
  const sums = change.add.map(({ manifest }) => summarize(manifest));
  teller.emit({
    kind: "prefix-changed",
    transaction: outcome.id,
    packages: change.add.map(({ name }) => name),
    removed: change.remove,
    files: sums.reduce((total, { files }) => total + files, 0),
    sizeBytes: sums.reduce((total, { sizeBytes }) => total + sizeBytes, 0),
    durationMs: world.clock.monotonicMs() - startedMs,
  });
  return outcome;
}
