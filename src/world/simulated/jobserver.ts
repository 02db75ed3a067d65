/** A simulated jobserver: a count of tokens, and what programs do with them. */
import type { CallersJobserver, Jobserver } from "../jobserver.ts";

export interface SimulatedJobserver extends Jobserver {
  /** A program takes up to so many; gives how many it got. */
  take(atMost: number): number;
  /** A program gives back, and we are told. */
  giveBack(count: number): void;
  /** A program gives back to the FIFO itself, or so that nobody has told us yet. */
  giveBackSilently(count: number, where: "fifo" | "returns"): void;
  readonly isOpen: boolean;
}

export function createSimulatedJobserver(onReturn: (count: number) => void): SimulatedJobserver {
  let unread = 0;
  let untold = 0;
  let isOpen = true;
  const take = (atMost: number): number => {
    const got = Math.min(atMost, unread);
    unread -= got;
    return got;
  };
  return {
    offer: (count) => {
      unread += count;
    },
    unread: () => unread,
    withdraw: take,
    collect: () => {
      const count = untold;
      untold = 0;
      return count;
    },
    close: () => {
      isOpen = false;
    },
    take,
    giveBack: onReturn,
    giveBackSilently: (count, where) => {
      if (where === "fifo") unread += count;
      else untold += count;
    },
    get isOpen() {
      return isOpen;
    },
  };
}

interface SimulatedCaller extends CallersJobserver {
  /** What it has left for others. */
  tokens: number;
}

export function createSimulatedCaller(tokens: number): SimulatedCaller {
  const caller: SimulatedCaller = {
    tokens,
    take: () => {
      if (caller.tokens === 0) return false;
      caller.tokens -= 1;
      return true;
    },
    giveBack: () => {
      caller.tokens += 1;
    },
  };
  return caller;
}
