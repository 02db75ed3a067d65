/** `tenon log`: what a package's steps have printed, in the last run or another, or as it comes. */
import { nearestOf, TenonError } from "../core/index.ts";
import { fold, isOver, noRun, parseEvent } from "../events/index.ts";
import type { World } from "../world/index.ts";
import { eventsFile, isRunning, listRuns, logsOf, type StepLog } from "./runs.ts";
import { selectPackages } from "./selection.ts";
import { openSession, type Session, type SessionOptions } from "./session.ts";

export interface LogOptions extends SessionOptions {
  readonly package: string;
  /** Instead of the newest that has a log of it. */
  readonly run?: string;
  /** All when absent. */
  readonly step?: string;
}

/** In the order in which the steps were begun; at least one. */
export function findLogs(world: World, options: LogOptions): StepLog[] {
  const session = openLogs(world, options);
  const candidates = options.run === undefined ? listRuns(session) : [options.run];
  for (const run of candidates) {
    const logs = logsOf(session, run, options.package);
    if (logs.length > 0) return onlyStep(logs, options);
  }
  throw noLog(options);
}

const pollMs = 150;

/**
 * Gives what is there and what comes, until the package's build and its check, or its run, have
 * ended. What the running build does not build has its last log.
 */
export async function* followLog(world: World, options: LogOptions): AsyncGenerator<Uint8Array> {
  const session = openLogs(world, options);
  const [newest] = listRuns(session);
  const run = options.run ?? newest;
  if (run === undefined || !isRunning(session, run)) {
    for (const { file } of findLogs(world, options)) yield* world.disk.readChunks(file);
    return;
  }
  const tail = createTail(world);
  const hasEnded = watchEnd(session, run, options.package, tail);
  let isPrinted = false;
  for (let isOver = false; !isOver;) {
    isOver = hasEnded() || options.signal?.aborted === true; // before the last look at the logs
    for (const { file, step } of logsOf(session, run, options.package)) {
      if (options.step !== undefined && options.step !== step) continue;
      yield* tail(file);
      isPrinted = true;
    }
    if (!isOver) await world.clock.sleep(pollMs);
  }
  if (isPrinted || options.run !== undefined || options.signal?.aborted) return;
  for (const { file } of findLogs(world, options)) yield* world.disk.readChunks(file);
}

function openLogs(world: World, options: LogOptions): Session {
  const session = openSession(world, options);
  selectPackages(session, [options.package]);
  return session;
}

function onlyStep(logs: readonly StepLog[], { step, package: name }: LogOptions): StepLog[] {
  if (step === undefined) return [...logs];
  const found = logs.filter((log) => log.step === step);
  if (found.length > 0) return found;
  const steps = logs.map((log) => log.step);
  throw new TenonError({
    kind: "usage",
    code: "NO_STEP",
    message: `the build of ${name} has no step ${step}, but ${steps.join(", ")}`,
    hints: nearestOf(step, steps),
  });
}

function noLog({ package: name, run }: LogOptions): TenonError {
  return new TenonError({
    kind: "usage",
    code: "NO_LOG",
    message:
      run === undefined
        ? `${name} has no log here: it has not been built in this workspace`
        : `${name} has no log of the run ${run}`,
  });
}

/** What has been added to a file since it was last asked for. */
type Tail = (file: string) => Iterable<Uint8Array>;

function createTail({ disk }: World): Tail {
  const read = new Map<string, number>();
  return function* (file) {
    for (const chunk of disk.readChunks(file, read.get(file) ?? 0)) {
      read.set(file, (read.get(file) ?? 0) + chunk.length);
      yield chunk;
    }
  };
}

/** A run that was killed tells no end; it holds its lock no more. */
function watchEnd(session: Session, runId: string, name: string, tail: Tail): () => boolean {
  const decoder = new TextDecoder();
  let rest = "";
  let run = noRun;
  return () => {
    const hasEnded = !isRunning(session, runId);
    for (const chunk of tail(eventsFile(session, runId))) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      run = lines.flatMap((line) => parseEvent(line) ?? []).reduce(fold, run);
    }
    return hasEnded || isOver(run, name);
  };
}
