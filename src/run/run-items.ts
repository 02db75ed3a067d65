/**
 * A run: the fetches, builds and checks of what is out of date.
 *
 * `begin-run.ts` puts on record what is going to be done, the scheduler says what comes next, `perform.ts` does it,
 * and `run-book.ts` holds what has come of it, by which the run ends.
 */
import { schedule } from "../builder/index.ts";
import type { EventRecord } from "../workspace/index.ts";
import { prepareAway } from "./away.ts";
import { beginRun, type RunUnderWay } from "./begin-run.ts";
import type { Again, BuildResult } from "./build-result.ts";
import { createPerformer } from "./perform.ts";
import type { PlannedStack } from "./planned-work.ts";
import { noteFailures } from "./recall-failures.ts";
import { isStopped, openRunBook, type RunBook } from "./run-book.ts";
import { fetchesAtOnce, nodeOf } from "./work-items.ts";

/** How soon what waits for memory, or for another process, is asked again. */
const pauseMs = 200;

export type Ran =
  | {
      readonly kind: "built";
      readonly built: number;
      readonly joined: readonly string[];
      readonly removed: readonly string[];
    }
  | Again
  | Extract<BuildResult, { kind: "interrupted" }>
  | FailedRun
  | Omit<Extract<BuildResult, { kind: "conflict" }>, "cures">;

export interface FailedRun extends Omit<
  Extract<BuildResult, { kind: "failed" }>,
  "whole" | "heldBack"
> {
  /** What is built, and whose check was not run any more. */
  readonly unchecked: readonly string[];
}

/** What has no known result, under one pool of jobs; with checks, and joins where there are no views. */
export async function runItems(
  stack: PlannedStack,
  outOfDate: readonly string[],
  record: EventRecord,
): Promise<Ran> {
  const { session, options } = stack;
  const underWay = beginRun(stack, outOfDate, record);
  const { away } = underWay;
  if (away !== undefined) await prepareAway(stack, away);
  if (options.signal?.aborted) return { kind: "interrupted", joined: [] };
  const book = openRunBook();
  const performer = createPerformer(underWay, book);
  await performer.joinWhatIsKnown();
  const { blocked } = await schedule(underWay.items, {
    limit: underWay.pool.jobs,
    aheadLimit: fetchesAtOnce,
    awayLimit: away?.atOnce ?? 0,
    run: performer.perform,
    mayStart: underWay.memory.mayStart,
    pause: () => session.world.clock.sleep(pauseMs),
    isStopped: () => isStopped(book, options),
    onBlocked: (item, by) => {
      if (!isStopped(book, options) && !book.needsMore && nodeOf(item).kind === "build")
        options.emit({ kind: "build-blocked", package: item, by });
    },
  }).finally(performer.end);
  return outcomeOf(underWay, book, blocked);
}

function outcomeOf(
  { stack, run }: RunUnderWay,
  { failures, conflicts, joined, removed, checks, built, needsMore, damagedStore }: RunBook,
  blocked: ReadonlyMap<string, readonly string[]>,
): Ran {
  const { session, options } = stack;
  const unchecked = [...checks.keys()];
  if (options.signal?.aborted) return { kind: "interrupted", joined };
  if (conflicts.length > 0) return { kind: "conflict", conflicts, joined };
  if (damagedStore !== undefined) return { kind: "again", built, damagedStore };
  if (failures.length > 0) {
    const packages = new Map([...blocked].filter(([item]) => nodeOf(item).kind === "build"));
    const told = failures.map((tell) => tell());
    noteFailures(session, run.id, told);
    return {
      kind: "failed",
      failures: told,
      blocked: packages,
      built,
      joined,
      unchecked,
      packages: options.packages,
    };
  }
  return needsMore ? { kind: "again", built } : { kind: "built", built, joined, removed };
}
