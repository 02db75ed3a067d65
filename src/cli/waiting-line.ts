/** A line for a person who waits: that the command is at work, where it has said nothing for a second. */
import { type EventBody, showNumber, showSeconds } from "../core/index.ts";
import type { Clock } from "../world/index.ts";
import type { Terminal } from "./terminal.ts";

export interface WaitingLine {
  /** Takes the line away, before something else is written. */
  speak(): void;
  /** How far the work is, for the line; shown also where the work leaves no time between. */
  count(work: Counted): void;
  /** Somebody else has the terminal from now on, or all is done. */
  end(): void;
}

export type Counted = Pick<Extract<EventBody, { kind: "counted" }>, "doing" | "done" | "total">;

const silenceMs = 1000;
const betweenLinesMs = 200;

/** Without a terminal, nothing is ever said. */
export function startWaitingLine(
  clock: Clock,
  terminal: Pick<Terminal, "isForeground" | "write"> | undefined,
): WaitingLine {
  if (terminal === undefined) return { speak: () => {}, count: () => {}, end: () => {} };
  const startedMs = clock.monotonicMs();
  let isShown = false;
  let isOver = false;
  let work: Counted | undefined;
  let quietSinceMs = startedMs;
  let drawnMs = startedMs;
  const erase = (): void => {
    if (isShown) terminal.write("\r\u001B[K");
    isShown = false;
  };
  const draw = (): void => {
    if (!terminal.isForeground()) return;
    drawnMs = clock.monotonicMs();
    const text = lineOf(work, drawnMs - startedMs);
    terminal.write(`\r\u001B[K\u001B[2m${text}\u001B[22m`);
    isShown = true;
  };
  const wait = (): (() => void) =>
    clock.callAfter(silenceMs, () => {
      draw();
      cancel = wait();
    });
  let cancel = wait();
  return {
    speak: () => {
      erase();
      cancel();
      quietSinceMs = clock.monotonicMs();
      if (!isOver) cancel = wait();
    },
    count: (counted) => {
      work = counted.done < counted.total ? counted : undefined;
      const nowMs = clock.monotonicMs();
      const isDue = nowMs - quietSinceMs >= silenceMs && nowMs - drawnMs >= betweenLinesMs;
      if (!isOver && isDue && work !== undefined) draw();
    },
    end: () => {
      erase();
      cancel();
      isOver = true;
    },
  };
}

function lineOf(work: Counted | undefined, ms: number): string {
  if (work === undefined) return `at work for ${showSeconds(ms)}`;
  const { doing, done, total } = work;
  return `${doing}: ${showNumber(done)} of ${showNumber(total)}, ${showSeconds(ms)}`;
}
