/** `tenon verify --repair`: bytecode that does not match its module any more is removed. */
import { parentOf } from "../core/index.ts";
import { isStaleBytecode, lockPrefix, type PrefixLayout } from "../prefix/index.ts";
import { isDiskError, type World } from "../world/index.ts";
import { type Teller, transactionOptions } from "./transaction-events.ts";

/**
 * Under the lock, for Python may have made it anew since, and a transaction may sweep it too. Gives
 * what is gone; what may not be removed blocks nothing (I5) and is told.
 */
export async function sweepStale(
  world: World,
  layout: PrefixLayout,
  stale: readonly string[],
  teller: Teller,
): Promise<readonly string[]> {
  if (stale.length === 0) return [];
  const lock = await lockPrefix(world, layout, transactionOptions(layout, teller));
  try {
    return stale.filter((path) => sweep(world, layout, path, teller));
  } finally {
    lock.release();
  }
}

function sweep({ disk }: World, { prefix }: PrefixLayout, path: string, teller: Teller): boolean {
  try {
    if (!isStaleBytecode(disk, prefix, path)) return false;
    disk.removeFile(`${prefix}/${path}`);
  } catch (error) {
    if (!isDiskError(error)) throw error;
    if (error.code !== "ENOENT") {
      teller.emit({ kind: "note", text: `stale bytecode could not be removed: ${error.message}` });
    }
    return false;
  }
  removeIfEmpty({ disk }, `${prefix}/${parentOf(path)}`);
  return true;
}

function removeIfEmpty({ disk }: Pick<World, "disk">, folder: string): void {
  try {
    disk.removeDirectory(folder);
  } catch (error) {
    if (!isDiskError(error)) throw error; // it holds more, or a Python was faster
  }
}
