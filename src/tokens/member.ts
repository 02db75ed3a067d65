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
  let jobserver: Jobserver | undefined;
  /** In the FIFO or taken. */
  let given = 0;
  let unread = 0;
  /** Since when the unread ones lie untouched. */
  let untouchedMs = 0;
  let letItLie = false;
  let pauseMs = firstPauseMs;
  let pausedUntilMs = 0;

  const tookAll = (): boolean => jobserver !== undefined && unread === 0 && !letItLie;
  const wakeUp = (): void => {
    letItLie = false;
    pauseMs = firstPauseMs;
  };
  const look = (nowMs: number): boolean => {
    const before = unread;
    unread = jobserver?.unread() ?? 0;
    // What a build writes there beyond what it was given makes no job more.
    if (unread > given) unread -= jobserver?.withdraw(unread - given) ?? 0;
    if (unread === before) return false;
    untouchedMs = nowMs;
    if (unread < before) wakeUp();
    return true;
  };
  const withdraw = (nowMs: number): boolean => {
    if (jobserver?.withdraw(1) !== 1) return false;
    given -= 1;
    unread -= 1;
    if (unread > 0) return true;
    letItLie = true;
    pausedUntilMs = nowMs + pauseMs;
    pauseMs = Math.min(2 * pauseMs, longestPauseMs);
    return true;
  };
  return {
    name,
    isActive: () => jobserver !== undefined,
    held: () => given - unread,
    unread: () => unread,
    hasRoom: () => given < most - 1,
    stale: (nowMs) => (nowMs - untouchedMs >= restMs ? unread : 0),
    tookAll,
    isDue: (nowMs) => jobserver !== undefined && unread === 0 && nowMs >= pausedUntilMs,
    look,
    offer: (nowMs) => {
      assert(jobserver !== undefined, `${name} has no jobserver`);
      jobserver.offer(1);
      given += 1;
      unread += 1;
      untouchedMs = nowMs;
      letItLie = false;
    },
    withdraw,
    takeIn: (count, nowMs) => {
      look(nowMs);
      const own = Math.min(count, given - unread);
      given -= own;
      wakeUp();
      return own;
    },
    begin: (opened, nowMs) => {
      jobserver = opened;
      unread = 0;
      // Nobody knows yet: it is asked at once.
      letItLie = true;
      pauseMs = firstPauseMs;
      pausedUntilMs = nowMs;
    },
    end: () => {
      const all = given;
      const back = (jobserver?.withdraw(all + 1) ?? 0) + (jobserver?.collect() ?? 0);
      jobserver = undefined;
      given = 0;
      unread = 0;
      return { home: all, lost: Math.max(0, all - back) };
    },
  };
}
