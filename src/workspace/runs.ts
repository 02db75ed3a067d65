/**
 * The folders of runs, `.tenon/runs/ID`: `events.jsonl`, a log a package and step
 * (`PACKAGE/2-build.log`), and `running`, which the run has locked for as long as it lives.
 */
import { assert, compareText } from "../core/index.ts";
import { isDiskError, listIfAny, makeDirectories, removeTree } from "../world/index.ts";
import type { Session } from "./session.ts";

export interface RunFolder {
  /** Ids sort by time. */
  readonly id: string;
  /** One event of the run a line. */
  readonly events: string;
  logFolder(name: string): string;
  end(): void;
}

/** All that looking into them needs. */
export type Runs = Pick<Session, "world" | "state">;

const keptRuns = 50;

/** Removes the oldest runs, so that their logs do not pile up. */
export function openRun(session: Session): RunFolder {
  const { world, state } = session;
  const { disk } = world;
  const time = new Date(world.clock.now()).toISOString().replace(/[-:]|\.\d+/g, "");
  const id = `${time}-${world.clock.uniqueId().slice(0, 8)}`;
  const folder = `${state.runs}/${id}`;
  makeDirectories(disk, folder);
  const lock = disk.tryLock(`${folder}/running`);
  assert(lock !== undefined, `somebody else has the run ${id}`);
  for (const old of listRuns(session).slice(keptRuns)) {
    if (!isRunning(session, old)) removeTree(disk, `${state.runs}/${old}`);
  }
  return {
    id,
    events: eventsFile(session, id),
    logFolder: (name) => `${folder}/${name}`,
    end: () => {
      disk.removeFile(`${folder}/running`);
      lock.release();
    },
  };
}

/** Newest first. */
export function listRuns({ world, state }: Runs): string[] {
  return listIfAny(world.disk, state.runs)
    .filter(({ type }) => type === "directory")
    .map((each) => each.name)
    .toReversed();
}

export function eventsFile({ state }: Runs, run: string): string {
  return `${state.runs}/${run}/events.jsonl`;
}

/** False as soon as its process is gone, however it went. */
export function isRunning({ world, state }: Session, run: string): boolean {
  try {
    return world.disk.isLocked(`${state.runs}/${run}/running`);
  } catch (error) {
    if (isDiskError(error, "ENOENT", "ENOTDIR")) return false;
    throw error;
  }
}

export interface StepLog {
  readonly step: string;
  readonly file: string;
}

/** In the order in which they were begun. */
export function logsOf({ world, state }: Runs, run: string, name: string): StepLog[] {
  const folder = `${state.runs}/${run}/${name}`;
  return listIfAny(world.disk, folder)
    .filter(({ type }) => type === "file")
    .map((each) => each.name)
    .sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10) || compareText(a, b))
    .map((file) => ({ step: file.replace(/^\d+-|\.log$/g, ""), file: `${folder}/${file}` }));
}
