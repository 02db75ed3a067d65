/**
 * Runs a graph of work: as much at once as the limit allows, that with the longest remaining path first.
 *
 * Items of the lane `ahead` (downloads) and `away` (built on other machines) have limits of their own and take no job. An item may be
 * refused for now (`mayStart`: there is no memory for it), may be put off by itself (`later`: another
 * process works at the same), and may ask to be run again with nothing beside it (`again-alone`).
 * While one waits to be alone, no other job starts; what is put off is asked again when something
 * ends, or after `pause`.
 */
import { assert, insertSorted } from "../core/index.ts";
import { graphOf, longestFirst, type WorkGraph, type WorkItem } from "../plan/index.ts";

export type RunResult = boolean | "later" | "again-alone";

export interface ScheduleOptions {
  /** How many jobs run at once. */
  readonly limit: number;
  /** How many items of the lane `ahead` run at once. */
  readonly aheadLimit: number;
  /** How many items of the lane `away` run at once. */
  readonly awayLimit?: number;
  /** Does one item, and says whether it succeeded; `running` counts the jobs, it included. */
  readonly run: (name: string, running: number) => Promise<RunResult>;
  /** Called for each item that cannot run because something it needs failed. */
  readonly onBlocked: (name: string, by: readonly string[]) => void;
  /** True stops anything new from starting. */
  readonly isStopped: () => boolean;
  /** False holds a job back while these run. Not asked when no job runs. */
  readonly mayStart?: (name: string, running: readonly string[]) => boolean;
  /** Ends when it is time to ask again what was held back or put off. */
  readonly pause: () => Promise<void>;
}

export interface ScheduleResult {
  readonly succeeded: readonly string[];
  readonly failed: readonly string[];
  /** With the failed items that block each. */
  readonly blocked: ReadonlyMap<string, readonly string[]>;
  /** Not started because of a stop. */
  readonly skipped: readonly string[];
}

type Lane = NonNullable<WorkItem["lane"]>;

/** What takes no job. */
function lanesBeside({ aheadLimit, awayLimit = 0 }: ScheduleOptions) {
  return [
    { lane: "ahead", limit: aheadLimit },
    { lane: "away", limit: awayLimit },
  ] as const;
}

function inLanes<Content>(make: () => Content): Record<Lane, Content> {
  return { job: make(), ahead: make(), away: make() };
}

/**
 * `run` gives whether the item succeeded; items that do not need a failed one go on. When `run`
 * throws, nothing new is started, and what it threw is thrown on as soon as nothing runs any more.
 * The graph must have no cycle.
 */
export async function schedule(
  items: readonly WorkItem[],
  options: ScheduleOptions,
): Promise<ScheduleResult> {
  assert(options.limit >= 1 && options.aheadLimit >= 1, "at least one item must be allowed to run");
  const work = startWork(items, options);
  const thrown: unknown[] = [];
  const running = inLanes(() => new Set<string>());
  let wake = (): void => {};

  const runOne = async (name: string, count: number): Promise<void> => {
    try {
      work.finish(name, await options.run(name, count));
    } catch (error) {
      thrown.push(error);
    }
  };
  const start = (name: string, lane: Lane): void => {
    running[lane].add(name);
    void runOne(name, running.job.size).then(() => {
      running[lane].delete(name);
      wake();
    });
  };
  const goesOn = (): boolean => thrown.length === 0 && !options.isStopped();
  const startReady = createStarter({ work, running, goesOn, start }, options);
  const pause = createPause(options, () => {
    work.askAgain();
    wake();
  });

  for (;;) {
    const isHeldBack = startReady() || (work.later.length > 0 && goesOn());
    if (running.job.size + running.ahead.size + running.away.size === 0 && !isHeldBack) break;
    if (isHeldBack) pause();
    await new Promise<void>((resolve) => (wake = resolve));
  }
  if (thrown.length > 0) throw thrown[0];
  return withSkipped(items, work.ended);
}

/** What is ready by lane, what waits for other reasons, and how the rest ended. */
interface Work {
  readonly ready: Record<Lane, string[]>;
  /** Waits until nothing runs beside it. */
  readonly alone: string[];
  /** Put off by itself. */
  readonly later: string[];
  readonly ended: Omit<ScheduleResult, "skipped">;
  finish(name: string, result: RunResult): void;
  /** What was put off is ready again. */
  askAgain(): void;
}

function startWork(items: readonly WorkItem[], { onBlocked }: ScheduleOptions): Work {
  const graph = graphOf(items);
  const order = longestFirst(graph);
  const laneOf = new Map(items.map(({ name, lane }) => [name, lane ?? "job"]));
  const waitingFor = new Map(graph.needCounts);
  const succeeded: string[] = [];
  const failed: string[] = [];
  const blocked = new Map<string, readonly string[]>();
  const ready = inLanes((): string[] => []);
  const alone: string[] = [];
  const later: string[] = [];

  const enter = (names: readonly string[]): void => {
    for (const name of names) insertSorted(ready[laneOf.get(name) as Lane], name, order);
  };
  const succeed = (name: string): void => {
    succeeded.push(name);
    const free = (graph.dependents.get(name) ?? []).filter((dependent) => {
      const left = (waitingFor.get(dependent) ?? 0) - 1;
      waitingFor.set(dependent, left);
      return left === 0 && !blocked.has(dependent);
    });
    enter(free);
  };
  const finish = (name: string, result: RunResult): void => {
    if (result === "later") later.push(name);
    else if (result === "again-alone") alone.push(name);
    else if (result) succeed(name);
    else {
      failed.push(name);
      block(graph, blocked, name, onBlocked);
    }
  };
  enter(items.map(({ name }) => name).filter((name) => waitingFor.get(name) === 0));
  const askAgain = (): void => enter(later.splice(0));
  return { ready, alone, later, ended: { succeeded, failed, blocked }, finish, askAgain };
}

interface Starting {
  readonly work: Work;
  readonly running: Record<Lane, ReadonlySet<string>>;
  readonly goesOn: () => boolean;
  readonly start: (name: string, lane: Lane) => void;
}

/** Starts what may start; gives true while something is ready that may not start for now. */
function createStarter(
  { work: { ready, alone }, running, goesOn, start }: Starting,
  options: ScheduleOptions,
): () => boolean {
  const { job: jobs } = ready;
  const hasRoom = (): boolean => goesOn() && running.job.size < options.limit;
  const mayStart = (name: string): boolean =>
    running.job.size === 0 || options.mayStart?.(name, [...running.job]) !== false;
  return () => {
    for (const { lane, limit } of lanesBeside(options))
      while (goesOn() && running[lane].size < limit && ready[lane].length > 0)
        start(ready[lane].shift() as string, lane);
    if (alone.length > 0) {
      if (goesOn() && running.job.size === 0) start(alone.shift() as string, "job");
      return false;
    }
    for (let at = 0; at < jobs.length && hasRoom();) {
      const name = jobs[at] as string;
      if (mayStart(name)) {
        jobs.splice(at, 1);
        start(name, "job");
      } else at += 1;
    }
    return jobs.length > 0 && hasRoom();
  };
}

function withSkipped(
  items: readonly WorkItem[],
  known: Omit<ScheduleResult, "skipped">,
): ScheduleResult {
  const ended = new Set([...known.succeeded, ...known.failed, ...known.blocked.keys()]);
  return { ...known, skipped: items.map(({ name }) => name).filter((name) => !ended.has(name)) };
}

/** One pause at a time, however often it is asked for. */
function createPause(options: ScheduleOptions, then: () => void): () => void {
  let pausing = false;
  return () => {
    if (pausing) return;
    pausing = true;
    void options.pause().then(() => {
      pausing = false;
      then();
    });
  };
}

function block(
  graph: WorkGraph,
  blocked: Map<string, readonly string[]>,
  failed: string,
  onBlocked: ScheduleOptions["onBlocked"],
): void {
  const reached = new Set(graph.dependents.get(failed));
  for (const name of reached) {
    for (const dependent of graph.dependents.get(name) ?? []) reached.add(dependent);
    const by = [...(blocked.get(name) ?? []), failed];
    blocked.set(name, by);
    if (by.length === 1) onBlocked(name, by);
  }
}
