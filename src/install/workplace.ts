/** The folder of one transaction: what it brings, and where what it displaces goes. */
import { isStatePath, type PrefixLayout, statePath } from "../prefix/index.ts";
import type { EntryStep } from "./decide.ts";

/**
 * `new/` is shaped like the prefix and holds what comes in and, after an exchange, what it
 * displaced; `records/` is shaped like the prefix's state and does the same for the records and the
 * history entry; `old/` is shaped like the prefix and holds what was retired; `ceded/NAME/` is shaped
 * like the prefix and holds what an incoming package leaves to another; `before/` holds the records
 * of the packages that are replaced or removed; `foreign/` says in the same form what comes in place of
 * what was nobody's; `origin.json` tells where `new/` came from,
 * if it was handed over; `journal.json` is the closed journal.
 */
export interface Workplace {
  readonly id: string;
  readonly layout: PrefixLayout;
  readonly root: string;
  readonly incoming: string;
  readonly records: string;
  readonly retired: string;
  readonly ceded: string;
  readonly before: string;
  readonly foreign: string;
  readonly origin: string;
  readonly closedJournal: string;
  /**
   * Held while the folder is in use, so that nobody takes it for abandoned. It lies in the folder:
   * who finds the lock free and removes the folder leaves nothing for a late owner to fill.
   */
  readonly lock: string;
}

export function workplaceOf(layout: PrefixLayout, id: string): Workplace {
  const root = `${layout.transactions}/${id}`;
  return {
    id,
    layout,
    root,
    incoming: `${root}/new`,
    records: `${root}/records`,
    retired: `${root}/old`,
    ceded: `${root}/ceded`,
    before: `${root}/before`,
    foreign: `${root}/foreign`,
    origin: `${root}/origin.json`,
    closedJournal: `${root}/journal.json`,
    lock: `${root}/lock`,
  };
}

/** The two ends of a step: in the prefix, and in the transaction's own folder. */
export function endsOf(workplace: Workplace, step: EntryStep): { shared: string; own: string } {
  return { shared: `${workplace.layout.prefix}/${step.path}`, own: ownEnd(workplace, step) };
}

/** Where what a step displaces is afterwards. */
export function displacedEnd(workplace: Workplace, step: EntryStep): string {
  return step.kind === "replace" ? `${workplace.retired}/${step.path}` : ownEnd(workplace, step);
}

/** A stage that comes in as it is holds no records of ours, so these have a place of their own. */
function ownEnd({ retired, records, incoming }: Workplace, { kind, path }: EntryStep): string {
  if (kind === "retire" || kind === "vacate") return `${retired}/${path}`;
  return isStatePath(path) ? `${records}${path.slice(statePath.length)}` : `${incoming}/${path}`;
}

/** Where what a closed transaction displaced is, each shaped like the prefix. */
export function displacedTrees({ retired, incoming }: Workplace): readonly string[] {
  return [retired, incoming];
}
