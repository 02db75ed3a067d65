/** The folder of one transaction: what it brings, and where what it displaces goes. */
import type { PrefixLayout } from "../prefix/index.ts";
import type { Step } from "./decide.ts";

/**
 * `new/` is shaped like the prefix and holds what comes in and, after an exchange, what it
 * displaced; `old/` is shaped like the prefix and holds what was retired; `before/` holds the
 * records of the packages that are replaced or removed; `journal.json` is the closed journal.
 */
export interface Workplace {
  readonly id: string;
  readonly layout: PrefixLayout;
  readonly root: string;
  readonly incoming: string;
  readonly retired: string;
  readonly before: string;
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
    retired: `${root}/old`,
    before: `${root}/before`,
    closedJournal: `${root}/journal.json`,
    lock: `${root}/lock`,
  };
}

/** The two ends of a step: in the prefix, and in the transaction's own folder. */
export function endsOf(workplace: Workplace, step: Step): { shared: string; own: string } {
  const side = step.kind === "retire" ? workplace.retired : workplace.incoming;
  return { shared: `${workplace.layout.prefix}/${step.path}`, own: `${side}/${step.path}` };
}

/** Where what a closed transaction displaced is, each shaped like the prefix. */
export function displacedTrees({ retired, incoming }: Workplace): readonly string[] {
  return [retired, incoming];
}
