/** A line for a person who waits: that the command is at work, where it has said nothing for a second. */
import { showSeconds } from "../core/index.ts";
import type { Clock } from "../world/index.ts";
import type { Terminal } from "./terminal.ts";

export interface Patience {
  /** Takes the line away, before something else is written. */
  speak(): void;
  /** Somebody else has the terminal from now on, or all is done. */
  end(): void;
}

const silenceMs = 1000;

/** Without a terminal, nothing is ever said. */
export function startPatience(
  clock: Clock,
  terminal: Pick<Terminal, "isForeground" | "write"> | undefined,
): Patience {
  if (terminal === undefined) return { speak: () => {}, end: () => {} };
  const startedMs = clock.monotonicMs();
  let isShown = false;
  let isOver = false;
  const erase = (): void => {
    if (isShown) terminal.write("\r\u001B[K");
    isShown = false;
  };
  const wait = (): (() => void) =>
    clock.callAfter(silenceMs, () => {
      if (terminal.isForeground()) {
        const forSeconds = showSeconds(clock.monotonicMs() - startedMs);
        terminal.write(`\r\u001B[K\u001B[2mat work for ${forSeconds}\u001B[22m`);
        isShown = true;
      }
      cancel = wait();
    });
  let cancel = wait();
  return {
    speak: () => {
      erase();
      cancel();
      if (!isOver) cancel = wait();
    },
    end: () => {
      erase();
      cancel();
      isOver = true;
    },
  };
}
