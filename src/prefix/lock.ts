/** The prefix's lock (I1): one transaction at a time, released by the kernel when its holder dies. */
import {
  type Disk,
  isDiskError,
  type Lock,
  waitForLock,
  type WaitOptions,
  type World,
} from "../world/index.ts";
import { isTime } from "./history-entry.ts";
import type { PrefixLayout } from "./layout.ts";
import { lockModeBelow } from "./make-layout.ts";
import { checkStateFolders, readState, smallLimitBytes } from "./state-files.ts";

interface LockHolder {
  readonly pid: number;
  readonly host: string;
  /** What it does, as a person would say it: `tenon build`. */
  readonly activity: string;
  /** Milliseconds since 1970. */
  readonly sinceMs: number;
  /** By which a later process of the same id is told from this one; absent where nothing tells. */
  readonly started?: string;
}

/** The lock of a prefix, held. */
interface PrefixLock extends Lock {
  /** What the holder before us wrote; no two write the same. */
  readonly previous: string;
}

export interface LockOptions extends WaitOptions {
  readonly activity: string;
}

export function lockPrefix(
  world: World,
  layout: PrefixLayout,
  { activity, ...wait }: LockOptions,
): Promise<PrefixLock> {
  const wanted = {
    take: () => tryLockPrefix(world, layout, activity),
    holder: () => holderOf(world, layout),
    doing: `changing ${layout.prefix}`,
  };
  return waitForLock(world.clock, wanted, wait);
}

/** The lock if nobody has it. */
export function tryLockPrefix(
  world: World,
  layout: PrefixLayout,
  activity: string,
): PrefixLock | undefined {
  checkStateFolders(world.disk, layout);
  const lock = takeLock(world.disk, layout);
  if (lock === undefined) return undefined;
  try {
    const previous = readText(world.disk, layout);
    lock.describe(describe(world, activity));
    return { ...lock, previous };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** What the last holder wrote; undefined while somebody has the lock. */
export function lastHolding({ disk }: World, layout: PrefixLayout): string | undefined {
  const lock = takeLock(disk, layout);
  if (lock === undefined) return undefined;
  try {
    return readText(disk, layout);
  } finally {
    lock.release();
  }
}

/** Changes nothing. Undefined where that cannot be told: another person's lock may not be looked at. */
export function isPrefixLocked(disk: Disk, layout: PrefixLayout): boolean | undefined {
  try {
    return disk.isLocked(layout.lock);
  } catch (error) {
    if (isDiskError(error, "ENOENT", "ENOTDIR")) return false;
    if (isDiskError(error, "EACCES", "EPERM", "ELOOP", "EISDIR", "ENXIO")) return undefined;
    throw error;
  }
}

/**
 * Only who may write in the prefix may have its lock: the file's mode lets nobody else open it. (The
 * kernel gives its locks to readers as well.)
 */
function takeLock(disk: Disk, layout: PrefixLayout): Lock | undefined {
  readState(disk, layout, layout.lock, smallLimitBytes); // refuses what is no file of ours
  return disk.tryLock(layout.lock, lockModeBelow(disk, layout.state));
}

function readText(disk: Disk, layout: PrefixLayout): string {
  return readState(disk, layout, layout.lock, smallLimitBytes)?.toString() ?? "";
}

function describe(world: World, activity: string): string {
  const { ownId } = world.processes;
  const started = world.processes.startOf(ownId);
  const holder: LockHolder = {
    pid: ownId,
    host: world.machine.hostName,
    activity,
    sinceMs: world.clock.now(),
    ...(started === undefined ? {} : { started }),
  };
  return `${JSON.stringify({ ...holder, id: world.clock.uniqueId() })}\n`;
}

/** Whoever changes the prefix, as a person would say it: `process 7 (tenon build, since 14:05:09)`. */
export function holderOf(world: World, layout: PrefixLayout): string | undefined {
  let holder: LockHolder | undefined;
  try {
    holder = readHolder(world, layout);
  } catch (error) {
    if (!isDiskError(error, "EACCES", "EPERM")) throw error; // another person's, who need not show it
  }
  if (holder === undefined) return undefined;
  const { pid, activity, sinceMs } = holder;
  return `process ${pid} (${activity}, since ${timeOfDay(sinceMs)})`;
}

/** On this machine's clock: `14:05:09`. */
function timeOfDay(ms: number): string {
  return new Date(ms).toTimeString().slice(0, "14:05:09".length);
}

/** Undefined when it has not written yet, or who has written is dead: then somebody else has the lock. */
function readHolder(world: World, layout: PrefixLayout): LockHolder | undefined {
  const holder = parseHolder(readText(world.disk, layout));
  if (holder?.host !== world.machine.hostName) return holder;
  const started = world.processes.startOf(holder.pid);
  const isSame = holder.started === undefined || holder.started === started;
  return started !== undefined && isSame ? holder : undefined;
}

export function parseHolder(text: string): LockHolder | undefined {
  let value: Partial<LockHolder> | null;
  try {
    value = JSON.parse(text) as typeof value;
  } catch {
    return undefined;
  }
  const { pid, host, activity, sinceMs, started } = value ?? {};
  const isGood =
    Number.isSafeInteger(pid) &&
    typeof host === "string" &&
    typeof activity === "string" &&
    isTime(sinceMs) &&
    (started === undefined || typeof started === "string");
  return isGood ? (value as LockHolder) : undefined;
}
