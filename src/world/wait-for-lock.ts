/** Waiting for a lock that another process holds: all waits of tenon are this one. */
import { TenonError } from "../core/index.ts";
import type { Clock } from "./clock.ts";

export interface WaitOptions {
  /** Refuse instead of waiting. */
  readonly noWait?: boolean;
  /** Called once when there is somebody to wait for, with a text that says who it is and what it does. */
  readonly onWait?: (text: string) => void;
  /** Ends the waiting. */
  readonly signal?: AbortSignal;
}

interface WantedLock<Held> {
  /** Never blocks: a blocked thread would not hear Ctrl-C. Undefined while another process has the lock. */
  readonly take: () => Held | undefined;
  /** Who has it: `process 7 (tenon build)`; undefined where nothing says so. */
  readonly holder: () => string | undefined;
  /** What the holder does with it: `changing /opt/stack`. */
  readonly doing: string;
}

const firstWaitMs = 2;
const longestWaitMs = 200;
/** A holder needs a moment to write who it is, and a short wait is not worth a word. */
const toldAtAttempt = 3;

export async function waitForLock<Held>(
  clock: Clock,
  { take, holder, doing }: WantedLock<Held>,
  { noWait, onWait, signal }: WaitOptions,
): Promise<Held> {
  const who = (): string => holder() ?? "another process";
  let waitMs = firstWaitMs;
  for (let attempt = 1; ; attempt += 1) {
    const held = take();
    if (held !== undefined) return held;
    if (noWait) throw busy(`${who()} is ${doing}`);
    if (signal?.aborted) throw interrupted(`interrupted while ${who()} was ${doing}`);
    if (attempt === toldAtAttempt) onWait?.(`${who()}, which is ${doing}`);
    await clock.sleep(waitMs);
    waitMs = Math.min(waitMs * 2, longestWaitMs);
  }
}

function interrupted(message: string): TenonError {
  return new TenonError({ kind: "interrupted", code: "INTERRUPTED", message });
}

function busy(message: string): TenonError {
  return new TenonError({
    kind: "machine",
    code: "PREFIX_LOCKED",
    message,
    hints: ["Run the command again without --no-wait to wait for it."],
  });
}
