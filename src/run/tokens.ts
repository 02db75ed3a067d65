/** The run's job tokens: its own, or those of the make that started tenon. */
import { callersTokens, createTokenPool, ownTokens, type TokenPool } from "../tokens/index.ts";
import type { Session } from "../workspace/index.ts";

export interface JobsWanted {
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

interface MakeFlags {
  readonly address?: string;
  readonly jobs?: number;
}

/** The last of each, as make reads them; before version 4.2 the flag had another name. */
export function readMakeFlags(flags: string): MakeFlags {
  const words = flags.split(/\s+/);
  const end = words.indexOf("--");
  const options = end < 0 ? words : words.slice(0, end);
  const valueOf = (pattern: RegExp): string | undefined =>
    options.map((word) => pattern.exec(word)?.[1]).findLast((value) => value !== undefined);
  const address = valueOf(/^--jobserver-(?:auth|fds)=(.+)$/);
  const jobs = Number(valueOf(/^-j(\d+)$/) ?? 0);
  return { ...(address === undefined ? {} : { address }), ...(jobs > 0 ? { jobs } : {}) };
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
