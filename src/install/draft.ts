/** What a transaction has to go by, and what it has decided to do (I3). */
import type { World } from "../world/index.ts";
import type { Change, TransactionOptions } from "./change.ts";
import type { EntryStep } from "./decide.ts";
import type { Ground } from "./ground.ts";
import { judge, type Judged } from "./judge.ts";
import type { PlacedPackage } from "./linked-directories.ts";
import { stageRecords } from "./record-steps.ts";
import type { Workplace } from "./workplace.ts";

export interface Attempt {
  readonly workplace: Workplace;
  readonly packages: readonly PlacedPackage[];
  readonly toMove: string | undefined;
  readonly change: Change;
  readonly options: TransactionOptions;
  readonly ground: Ground;
  /** Good only if nobody has had the lock since. */
  readonly draft?: Draft | undefined;
}

export interface Draft {
  readonly judged: Judged;
  /** Without that of the history. */
  readonly steps: readonly EntryStep[];
}

export function makeDraft(world: World, attempt: Attempt): Draft {
  const judged = judge(world, attempt);
  if (judged.conflicts.length > 0 || judged.nothingToDo) return { judged, steps: [] };
  const records = stageRecords(world, { ...attempt, ...judged });
  return { judged, steps: [...judged.decision.steps, ...records] };
}
