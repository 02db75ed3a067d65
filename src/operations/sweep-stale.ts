/** `tenon verify --repair`: bytecode that does not match its module any more is removed. */
import { parentOf } from "../core/index.ts";
import { isStaleBytecode } from "../prefix/index.ts";
import { type Disk, isDiskError } from "../world/index.ts";
import type { OpenPrefix } from "./operate.ts";
import { underLock } from "./under-lock.ts";

/**
 * Under the lock, for Python may have made it anew since, and a transaction may sweep it too. Gives
 * what is gone; what may not be removed blocks nothing (I5) and is told.
 */
export async function sweepStale(
  prefix: OpenPrefix,
  stale: readonly string[],
): Promise<readonly string[]> {
  if (stale.length === 0) return [];
  return underLock(prefix, () => stale.filter((path) => sweep(prefix, path)));
}

function sweep({ world, layout, emit }: OpenPrefix, path: string): boolean {
  const { disk } = world;
  const { prefix } = layout;
  try {
    if (!isStaleBytecode(disk, prefix, path)) return false;
    disk.removeFile(`${prefix}/${path}`);
  } catch (error) {
    if (!isDiskError(error)) throw error;
    if (error.code !== "ENOENT") {
      emit({ kind: "note", text: `stale bytecode could not be removed: ${error.message}` });
    }
    return false;
  }
  removeIfEmpty(disk, `${prefix}/${parentOf(path)}`);
  return true;
}

function removeIfEmpty(disk: Disk, folder: string): void {
  try {
    disk.removeDirectory(folder);
  } catch (error) {
    if (!isDiskError(error)) throw error; // it holds more, or a Python was faster
  }
}
