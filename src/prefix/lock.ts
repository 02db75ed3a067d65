/** The prefix's lock (I1): one transaction at a time, released by the kernel when its holder dies. */
import { TenonError } from "../core/index.ts";
import { type Lock, readTextIfAny, type World } from "../world/index.ts";
import type { PrefixLayout } from "./layout.ts";

export interface LockHolder {
  readonly pid: number;
  readonly host: string;
  /** What it does, as a person would say it: `tenon build`. */
  readonly activity: string;
  /** Milliseconds since 1970. */
  readonly sinceMs: number;
}

/** The lock of a prefix, held. */
export interface PrefixLock extends Lock {
  /** What the holder before us wrote; no two write the same. */
  readonly previous: string;
}

export interface LockOptions {
  readonly activity: string;
  /** Refuse instead of waiting. */
  readonly noWait?: boolean;
  /** Called once when there is somebody to wait for. */
  readonly onWait?: (holder: LockHolder | undefined) => void;
  /** Ends the waiting. */
  readonly signal?: AbortSignal;
}

const firstWaitMs = 2;
const longestWaitMs = 200;
/** A holder needs a moment to write who it is, and a short wait is not worth a word. */
const toldAtAttempt = 3;

/** Waits until the lock is ours. Only lock attempts that do not block: a blocked thread would not see Ctrl-C. */
export async function lockPrefix(
  world: World,
  layout: PrefixLayout,
  options: LockOptions,
): Promise<PrefixLock> {
  let waitMs = firstWaitMs;
  for (let attempt = 1; ; attempt += 1) {
    const lock = tryLockPrefix(world, layout, options.activity);
    if (lock !== undefined) return lock;
    const holder = readHolder(world, layout);
    if (options.noWait) throw busy(layout, holder);
    if (options.signal?.aborted) throw interrupted(layout);
    if (attempt === toldAtAttempt) options.onWait?.(holder);
    await world.clock.sleep(waitMs);
    waitMs = Math.min(waitMs * 2, longestWaitMs);
  }
}

/** The lock if nobody has it. */
export function tryLockPrefix(
  world: World,
  layout: PrefixLayout,
  activity: string,
): PrefixLock | undefined {
  const lock = world.disk.tryLock(layout.lock);
  if (lock === undefined) return undefined;
  try {
    const previous = readTextIfAny(world.disk, layout.lock) ?? "";
    lock.describe(describe(world, activity));
    return { ...lock, previous };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** What the last holder wrote; undefined while somebody has the lock. */
export function lastHolding({ disk }: World, layout: PrefixLayout): string | undefined {
  const lock = disk.tryLock(layout.lock);
  if (lock === undefined) return undefined;
  try {
    return readTextIfAny(disk, layout.lock) ?? "";
  } finally {
    lock.release();
  }
}

function describe(world: World, activity: string): string {
  const holder: LockHolder = {
    pid: world.processes.ownId,
    host: world.machine.hostName,
    activity,
    sinceMs: world.clock.now(),
  };
  return `${JSON.stringify({ ...holder, id: world.clock.uniqueId() })}\n`;
}

/** What the holder wrote; undefined in the moment before it has written. */
function readHolder(world: World, layout: PrefixLayout): LockHolder | undefined {
  try {
    const holder = JSON.parse(readTextIfAny(world.disk, layout.lock) ?? "") as LockHolder | null;
    return typeof holder?.pid === "number" && typeof holder.activity === "string"
      ? holder
      : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function interrupted(layout: PrefixLayout): TenonError {
  return new TenonError({
    kind: "interrupted",
    code: "INTERRUPTED",
    message: `interrupted while waiting for the prefix ${layout.prefix}; it is as it was`,
  });
}

function busy(layout: PrefixLayout, holder: LockHolder | undefined): TenonError {
  const who =
    holder === undefined ? "another process" : `process ${holder.pid} (${holder.activity})`;
  return new TenonError({
    kind: "machine",
    code: "PREFIX_LOCKED",
    message: `the prefix ${layout.prefix} is being changed by ${who}`,
    hints: ["Run the command again without --no-wait to wait for it."],
  });
}
