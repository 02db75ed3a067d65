/** Where job tokens come from: a number of our own, or the jobserver of the make that started us. */
import type { CallersJobserver } from "../world/index.ts";

export interface TokenSource {
  take(): boolean;
  giveBack(): void;
  /** Others want them too: nothing is kept that is not used, and that there is one is not told. */
  readonly isShared: boolean;
}

export function ownTokens(count: number): TokenSource {
  let left = count;
  return {
    isShared: false,
    take: () => {
      if (left === 0) return false;
      left -= 1;
      return true;
    },
    giveBack: () => {
      left += 1;
    },
  };
}

/** One more than what make gives: that with which it started us. `limit` is that of its `-j`. */
export function callersTokens(caller: CallersJobserver, limit: number): TokenSource {
  let implicit = 1;
  let taken = 0;
  return {
    isShared: true,
    take: () => {
      if (implicit > 0) implicit -= 1;
      else if (taken < limit - 1 && caller.take()) taken += 1;
      else return false;
      return true;
    },
    giveBack: () => {
      if (taken > 0) {
        taken -= 1;
        caller.giveBack();
      } else implicit += 1;
    },
  };
}
