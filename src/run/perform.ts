/** One fetch, build or check of a run, and what the run's book says of it afterwards. */
import type { RunResult } from "../builder/index.ts";
import { unreachable } from "../core/index.ts";
import { borrowedTokens } from "./away.ts";
import type { RunUnderWay } from "./begin-run.ts";
import { keepLogs } from "./companion-books.ts";
import { watchConflicts } from "./early-conflicts.ts";
import { fetchAhead } from "./fetch-ahead.ts";
import { joinPackages, type JoinResult } from "./join.ts";
import { tellHolder } from "./key-lock.ts";
import { checkOne } from "./package-check.ts";
import { buildOne } from "./package-task.ts";
import type { PlannedStack } from "./planned-work.ts";
import type { RunTask, TaskOutcome } from "./task.ts";
import { createRecall } from "./recall-failures.ts";
import { isStopped, type RunBook } from "./run-book.ts";
import { nodeOf } from "./work-items.ts";

interface Performer {
  /** `running`: how many builds and checks there are then, this one included. */
  perform(item: string, running: number): Promise<RunResult>;
  /** Without views, each package joins when it is built: what is known already joins first. */
  joinWhatIsKnown(): Promise<void>;
  /** Gives back what is held, and waits until nothing of the run goes on. */
  end(): Promise<void>;
}

export function createPerformer(underWay: RunUnderWay, book: RunBook): Performer {
  const { stack, run, durations } = underWay;
  const { session, facts, resolver } = stack;
  const leaving = stack.leaving.packages.map(({ name }) => name);
  const watch = watchConflicts(session, resolver, stack.order, leaving);
  const joinNow = createJoin(underWay, book);
  const joinsAtOnce = facts.isolation.kind === "none";
  const { taskOf, allTidied } = createTasks(underWay, book);

  const build = async (name: string, running: number): Promise<RunResult> => {
    const task = taskOf(name, running);
    const outcome = await buildOne(task);
    keepLogs(session, run.id, name);
    const settled = settle(underWay, book, { task, outcome });
    if (settled !== true) return settled;
    for (const each of watch.conflictsOf(name)) book.conflicts.push(each);
    if (book.conflicts.length > 0) return false;
    if (joinsAtOnce) await joinNow(name);
    return book.conflicts.length === 0 && book.damagedStore === undefined;
  };

  const check = async (name: string, running: number): Promise<boolean> => {
    const pending = book.checks.get(name);
    if (pending === undefined) return true; // its result is another build's
    book.checks.delete(name);
    const result = await checkOne(taskOf(name, running), pending);
    keepLogs(session, run.id, name);
    if (result.kind === "failed") book.failures.push(result.failure);
    return result.kind === "passed" || result.kind === "warned";
  };

  return {
    perform: async (item, running) => {
      const { kind, name } = nodeOf(item);
      if (kind === "build") return build(name, running);
      if (kind === "check") return check(name, running);
      await fetchAhead(session, name, durations);
      return true;
    },
    joinWhatIsKnown: async () => {
      if (!joinsAtOnce) return;
      for (const name of stack.order) if (resolver.artifacts.has(name)) await joinNow(name);
    },
    end: async () => {
      for (const pending of book.checks.values()) pending.release();
      await allTidied();
      if (book.built > 0) await session.store.settle();
    },
  };
}

interface Tasks {
  taskOf(name: string, running: number): RunTask;
  /** When what the tasks have put off is done. */
  allTidied(): Promise<unknown>;
}

function createTasks({ stack, run, durations, pool, away }: RunUnderWay, book: RunBook): Tasks {
  const { session, options, facts, resolver } = stack;
  const recall = createRecall(session);
  const putOff: Promise<void>[] = [];
  const taskOf = (name: string, running: number): RunTask => {
    // All jobs for a build that is alone might again be too much at once.
    const most = book.retried.get(name);
    const executor = away?.packages.has(name) === true ? away.executor : undefined;
    return {
      session,
      facts,
      resolver,
      name,
      jobs: most ?? Math.max(1, Math.floor(pool.jobs / running)),
      admit: async () => {
        const tokens =
          executor === undefined ? await pool.admit(name, most) : borrowedTokens(pool, name, most);
        if (!isStopped(book, options)) return tokens;
        tokens.leave();
        return undefined;
      },
      check: stack.checkOf(name),
      durations,
      recall,
      ...(executor === undefined ? {} : { executor }),
      ...(stack.cache === undefined ? {} : { cache: stack.cache }),
      isRetry: most !== undefined,
      later: (act) => {
        const done = session.world.clock.sleep(0).then(act);
        done.catch(() => {}); // it is awaited at the end
        putOff.push(done);
      },
      logFolder: run.logFolder(name),
    };
  };
  return { taskOf, allTidied: () => Promise.all(putOff) };
}

interface Ended {
  readonly task: RunTask;
  readonly outcome: TaskOutcome;
}

/** True where the package is there now; else what the scheduler is to be told. */
function settle({ stack }: RunUnderWay, book: RunBook, { task, outcome }: Ended): RunResult {
  const { name } = task;
  switch (outcome.kind) {
    case "busy": {
      // Not at the first attempt: a holder needs a moment to write who it is.
      const count = (book.waits.get(name) ?? 0) + 1;
      book.waits.set(name, count);
      if (count === 2) tellHolder(stack.session, name, outcome.holder);
      return "later";
    }
    case "killed-for-memory":
      book.retried.set(name, Math.ceil(task.jobs / 2));
      return "again-alone";
    case "failed":
      book.failures.push(outcome.failure);
      return false;
    case "needs-more":
      book.needsMore = true;
      return false;
    case "interrupted":
      return false;
    case "built":
      book.built += 1;
      if (outcome.check !== undefined) book.checks.set(name, outcome.check);
      return true;
    case "reused":
      return true;
    default:
      return unreachable(outcome);
  }
}

/** Without a view, a build reads the live prefix: what it needs must be there already. One joins after the other. */
function createJoin({ stack }: RunUnderWay, book: RunBook): (name: string) => Promise<void> {
  let joining: Promise<void> = Promise.resolve();
  return (name) => {
    joining = joining.then(async () => {
      const result = await joinOne(stack, name);
      if (result.kind === "damaged") book.damagedStore = stack.session.store.layout.root;
      else if (result.kind === "conflict")
        for (const each of result.conflicts) book.conflicts.push(each);
      else {
        book.joined.push(...result.value.changed);
        book.removed.push(...result.value.removed);
      }
    });
    return joining;
  };
}

/** What is to leave waits for the end of the run, unless its files are where this package's are to be. */
async function joinOne(
  { session, resolver, installed, leaving }: PlannedStack,
  name: string,
): Promise<JoinResult> {
  const result = await joinPackages(session, resolver, [name]);
  if (result.kind !== "conflict") return result;
  const owners = new Set(result.conflicts.map((each) => ("owner" in each ? each.owner : "")));
  const packages = leaving.packages.filter((each) => owners.has(each.name));
  if (packages.length === 0) return result;
  const some = { ...leaving, packages };
  return joinPackages(session, resolver, [name], { leaving: some, wanted: installed });
}
