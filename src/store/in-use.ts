/**
 * Who is at work in a store, so that nothing is taken from under a running command. A command holds one of the kernel
 * locks `locks/use-N` from when it opens the store until it ends; who removes garbage holds `locks/gc` and then finds
 * every other one free. Each takes its own lock first and looks at the other's then, so that one of two sees the other.
 */
import { TenonError } from "../core/index.ts";
import { type Disk, isDiskError, type Lock } from "../world/index.ts";
import type { StoreLayout } from "./layout.ts";

/** More commands at once than there is memory for. */
const mostCommands = 4_096;
/** Garbage is moved aside in a moment; that long nobody needs, unless he was stopped meanwhile. */
const mostLooks = 50_000;

/** By the disk, what this process holds: one lock for each store, however often it is opened. */
const held = new WeakMap<Disk, Map<string, Lock | undefined>>();

/** For the rest of the process's life. Where nothing can be written, nobody can remove anything either. */
export function markInUse(disk: Disk, layout: StoreLayout): void {
  const locks = held.get(disk) ?? new Map<string, Lock | undefined>();
  held.set(disk, locks);
  if (locks.has(layout.root)) return;
  try {
    locks.set(layout.root, takeOne(disk, layout));
  } catch (error) {
    if (!isDiskError(error, "EACCES", "EPERM", "EROFS")) throw error;
    locks.set(layout.root, undefined);
    return;
  }
  for (let count = 0; isCollecting(disk, layout); count += 1) {
    if (count < mostLooks) continue;
    locks.get(layout.root)?.release();
    locks.delete(layout.root);
    throw new TenonError({
      kind: "machine",
      code: "STORE_LOCKED",
      message: `another process is removing garbage from the store ${layout.root}, and does not end`,
      hints: ["Run the command again when `tenon gc --store` has ended."],
    });
  }
}

function takeOne(disk: Disk, layout: StoreLayout): Lock | undefined {
  for (let number = 0; number < mostCommands; number += 1) {
    const lock = disk.tryLock(layout.lock(`use-${number}`));
    if (lock !== undefined) return lock;
  }
  return undefined;
}

function isCollecting(disk: Disk, layout: StoreLayout): boolean {
  try {
    return disk.isLocked(layout.lock("gc"));
  } catch (error) {
    if (isDiskError(error, "ENOENT")) return false;
    throw error;
  }
}

/** Undefined while a command uses the store, or another process removes garbage. */
export function tryLockAll(disk: Disk, layout: StoreLayout): Lock | undefined {
  const own = disk.tryLock(layout.lock("gc"));
  if (own === undefined) return undefined;
  const names = disk.list(`${layout.root}/locks`).map(({ name }) => name);
  const isBusy = names.some((name) => name.startsWith("use-") && disk.isLocked(layout.lock(name)));
  if (!isBusy) return own;
  own.release();
  return undefined;
}
