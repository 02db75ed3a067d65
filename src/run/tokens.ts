/** The run's job tokens: its own, or those of the make that started tenon. */
import {
  callersTokens,
  createTokenPool,
  ownTokens,
  readMakeFlags,
  type TokenPool,
} from "../tokens/index.ts";
import type { Session } from "../workspace/index.ts";

interface JobsWanted {
  /** A number that the person gave; a make that started tenon is not asked then. */
  readonly jobs?: number;
}

export function openTokenPool(session: Session, wanted: JobsWanted): TokenPool {
  const { world, options } = session;
  const { emit } = options;
  const makes = readMakeFlags(options.environment["MAKEFLAGS"] ?? "");
  const joined =
    makes.address === undefined ? undefined : world.processes.joinJobserver(makes.address);
  const ignored =
    makes.address !== undefined && (joined === undefined || wanted.jobs !== undefined);
  const own = wanted.jobs ?? (makes.address === undefined ? world.machine.processors : 1);
  if (ignored) emit({ kind: "note", text: explainIgnored(own, wanted.jobs !== undefined) });
  const isJoined = joined !== undefined && wanted.jobs === undefined;
  const jobs = isJoined ? (makes.jobs ?? world.machine.processors) : own;
  return createTokenPool({
    source: isJoined ? callersTokens(joined, jobs) : ownTokens(jobs),
    jobs,
    processes: world.processes,
    clock: world.clock,
    onHeld: (name, held) => emit({ kind: "tokens", package: name, held }),
    onLost: (name, count) => {
      if (options.signal?.aborted !== true)
        emit({ kind: "note", package: name, text: explainLost(count) });
    },
  });
}

function explainIgnored(jobs: number, isGiven: boolean): string {
  return isGiven
    ? `-j${jobs} was given: the jobs of the make that started this command are not asked for`
    : "the jobserver of the make that started this command is not reachable, so one job runs at a " +
        "time: begin make's line with a +, or give -j";
}

function explainLost(count: number): string {
  const tokens = count === 1 ? "1 job token" : `${count} job tokens`;
  return `it ended without giving ${tokens} back, as after a kill; taken back`;
}
