/** One package's part of the pool: the tokens that lie in its FIFO, and those that were taken. */
import { assert } from "../core/index.ts";
import type { Jobserver } from "../world/index.ts";

/** So long a token lies unread before it counts as not wanted; a waiting make reads within one. */
const restMs = 10;
/** How long nothing is offered to one that let a token lie; doubled each time. */
const firstPauseMs = 100;
const longestPauseMs = 500;

export interface Member {
  readonly name: string;
  /** While a program of the package runs. */
  readonly isActive: () => boolean;
  /** Taken and not given back, without the one that each running package has. */
  readonly held: () => number;
  readonly unread: () => number;
  /** Unread ones that nobody seems to want. */
  readonly stale: (nowMs: number) => number;
  /** It may get one more. */
  readonly hasRoom: () => boolean;
  /** Nothing lies there, since it has taken what it got. */
  readonly tookAll: () => boolean;
  /** Nothing lies there, and it is time to find out whether it would take one by now. */
  readonly isDue: (nowMs: number) => boolean;
  /** Looks into the FIFO; tells whether anything was taken from it or put back. */
  readonly look: (nowMs: number) => boolean;
  readonly offer: (nowMs: number) => void;
  /** Takes an unread token back; false when there is none any more. */
  readonly withdraw: (nowMs: number) => boolean;
  /** Tokens that the package's programs gave back; gives how many of them it had. */
  readonly takeIn: (count: number, nowMs: number) => number;
  readonly begin: (jobserver: Jobserver, nowMs: number) => void;
  /** No program runs any more: how many tokens have come home, and how many were lost. */
  readonly end: () => { readonly home: number; readonly lost: number };
}

/** `most`: how many jobs it may run, with the one that each running package has. */
export function createMember(name: string, most: number): Member {
  const lent = createLent();
  const interest = createInterest();
  const hasNothingUnread = (): boolean => lent.isOpen() && lent.unread() === 0;
  const look = (nowMs: number): boolean => {
    const change = lent.look();
    if (change !== 0) interest.touch(nowMs);
    if (change < 0) interest.rise();
    return change !== 0;
  };
  return {
    name,
    isActive: lent.isOpen,
    held: lent.taken,
    unread: lent.unread,
    hasRoom: () => lent.taken() + lent.unread() < most - 1,
    stale: (nowMs) => (interest.isResting(nowMs) ? lent.unread() : 0),
    tookAll: () => hasNothingUnread() && !interest.isLow(),
    isDue: (nowMs) => hasNothingUnread() && interest.isDue(nowMs),
    look,
    offer: (nowMs) => {
      lent.offer();
      interest.test(nowMs);
    },
    withdraw: (nowMs) => {
      if (!lent.withdraw()) return false;
      if (lent.unread() === 0) interest.sink(nowMs);
      return true;
    },
    takeIn: (count, nowMs) => {
      look(nowMs);
      interest.rise();
      return lent.takeIn(count);
    },
    begin: (jobserver, nowMs) => {
      lent.open(jobserver);
      interest.begin(nowMs);
    },
    end: lent.close,
  };
}

/** The tokens that a package was lent: those that lie in its FIFO, and those that were taken. */
function createLent() {
  let jobserver: Jobserver | undefined;
  let given = 0;
  let unread = 0;
  return {
    isOpen: () => jobserver !== undefined,
    taken: () => given - unread,
    unread: () => unread,
    /** By how many more or fewer lie there than at the last look. */
    look: () => {
      const before = unread;
      unread = jobserver?.unread() ?? 0;
      // What a build writes there beyond what it was given makes no job more.
      if (unread > given) unread -= jobserver?.withdraw(unread - given) ?? 0;
      return unread - before;
    },
    offer: () => {
      assert(jobserver !== undefined, "tokens are offered where a program runs");
      jobserver.offer(1);
      given += 1;
      unread += 1;
    },
    withdraw: () => {
      if (jobserver?.withdraw(1) !== 1) return false;
      given -= 1;
      unread -= 1;
      return true;
    },
    takeIn: (count: number) => {
      const own = Math.min(count, given - unread);
      given -= own;
      return own;
    },
    open: (opened: Jobserver) => {
      jobserver = opened;
      unread = 0;
    },
    close: () => {
      const home = given;
      const back = (jobserver?.withdraw(home + 1) ?? 0) + (jobserver?.collect() ?? 0);
      jobserver = undefined;
      given = 0;
      unread = 0;
      return { home, lost: Math.max(0, home - back) };
    },
  };
}

/** Whether a package wants tokens: one that let a token lie is offered none for a while, each time for longer. */
function createInterest() {
  let isLow = false;
  /** Since when the unread ones lie untouched. */
  let untouchedMs = 0;
  let pauseMs = firstPauseMs;
  let pausedUntilMs = 0;
  return {
    isLow: () => isLow,
    isDue: (nowMs: number) => nowMs >= pausedUntilMs,
    /** What lies there seems to be wanted by nobody. */
    isResting: (nowMs: number) => nowMs - untouchedMs >= restMs,
    /** Nobody knows yet: the package is offered one at once. */
    begin: (nowMs: number) => {
      isLow = true;
      pauseMs = firstPauseMs;
      pausedUntilMs = nowMs;
    },
    /** One more lies there. */
    test: (nowMs: number) => {
      isLow = false;
      untouchedMs = nowMs;
    },
    /** Some were taken, or put back. */
    touch: (nowMs: number) => {
      untouchedMs = nowMs;
    },
    /** It took a token, or had some. */
    rise: () => {
      isLow = false;
      pauseMs = firstPauseMs;
    },
    /** It let a token lie. */
    sink: (nowMs: number) => {
      isLow = true;
      pausedUntilMs = nowMs + pauseMs;
      pauseMs = Math.min(2 * pauseMs, longestPauseMs);
    },
  };
}
