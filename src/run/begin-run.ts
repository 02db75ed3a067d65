/** The beginning of a run: what it is going to do is put on record, and its jobs are opened. */
import type { Isolation } from "../view/index.ts";
import { forecast, type WorkItem } from "../plan/index.ts";
import type { TokenPool } from "../tokens/index.ts";
import { type Durations, type EventRecord, openRun, type RunFolder } from "../workspace/index.ts";
import { type Away, openAway } from "./away.ts";
import { awayLimit } from "./choose-away.ts";
import { describeGraph } from "./describe-graph.ts";
import { createMemoryGate, type MemoryGate } from "./memory-gate.ts";
import { planWork, type PlannedStack } from "./planned-work.ts";
import { openTokenPool } from "./tokens.ts";
import { fetchesAtOnce } from "./work-items.ts";

export interface RunUnderWay {
  readonly stack: PlannedStack;
  readonly run: RunFolder;
  readonly items: readonly WorkItem[];
  readonly durations: Durations;
  readonly pool: TokenPool;
  readonly memory: MemoryGate;
  /** Absent where all is built here. */
  readonly away?: Away;
}

export function beginRun(
  stack: PlannedStack,
  outOfDate: readonly string[],
  record: EventRecord,
): RunUnderWay {
  const { session, options, facts } = stack;
  const run = openRun(session);
  record.open(run.events, run.end);
  const { emit } = options;
  const pool = openTokenPool(session, options);
  const { items, durations } = planWork(stack, outOfDate);
  const { criticalPathMs, workMs, estimateMs } = forecast(items, {
    jobs: pool.jobs,
    ahead: fetchesAtOnce,
    away: awayLimit(stack),
  });
  emit({
    kind: "run-started",
    run: run.id,
    packages: stack.order.length,
    outOfDate: outOfDate.length,
    jobs: pool.jobs,
    prefix: session.layout.prefix,
    criticalPathMs,
    workMs,
    estimateMs,
  });
  emit({ kind: "graph", packages: describeGraph(stack, outOfDate, { items, durations }) });
  announceIsolation(stack, facts.isolation);
  const { fixed, isolation } = facts;
  const isTold = isolation.kind === "none" || isolation.lacks !== undefined;
  if (fixed !== undefined && !isTold && session.workspace.companion === undefined)
    emit({ kind: "note", text: `what is built fits this prefix alone: ${fixed}` });
  const memory = createMemoryGate(session.world, durations, {
    ...(options.memoryBytes === undefined ? {} : { budgetBytes: options.memoryBytes }),
    emit,
  });
  const away = openAway(stack, items);
  return { stack, run, items, durations, pool, memory, ...(away === undefined ? {} : { away }) };
}

function announceIsolation({ options }: PlannedStack, isolation: Isolation): void {
  options.emit({
    kind: "isolation",
    mode: isolation.kind,
    ...(isolation.kind === "none" ? { reason: isolation.reason } : {}),
  });
  if (isolation.kind === "none" || isolation.lacks === undefined) return;
  options.emit({
    kind: "note",
    text: `views have no root of their own here, so a build may write to the machine's folders unnoticed: ${isolation.lacks}`,
  });
}
