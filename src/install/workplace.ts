/** The folder of one transaction: what it brings, and where what it displaces goes. */
import { parentOf } from "../core/index.ts";
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
  /** Held while the folder is being filled, so that nobody takes it for abandoned. */
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
    lock: `${layout.transactions}/${id}.lock`,
  };
}

/** The two ends of a step: in the prefix, and in the transaction's own folder. */
export function endsOf(workplace: Workplace, step: Step): { shared: string; own: string } {
  const side = step.kind === "retire" ? workplace.retired : workplace.incoming;
  return { shared: `${workplace.layout.prefix}/${step.path}`, own: `${side}/${step.path}` };
}

/** Every directory in which the steps change an entry, on either side. */
export function directoriesTouched(workplace: Workplace, steps: readonly Step[]): string[] {
  const directories = new Set<string>();
  for (const step of steps) {
    const { shared, own } = endsOf(workplace, step);
    directories.add(parentOf(shared));
    directories.add(parentOf(own));
  }
  return [...directories];
}
