/**
 * The digests of wheels that have not changed since they were last read, kept in the store.
 *
 * A wheel is taken for unchanged while its inode, size, time of modification and time of the inode's
 * last change (ctime) are the same. No program can set a ctime, so that no edit is missed, not even
 * one that puts the other time back.
 */
import { type Digest, digestOf, isDigest } from "../core/index.ts";
import type { Store } from "../store/index.ts";
import { readTextIfAny, type Status, type World, writeAtomically } from "../world/index.ts";

/**
 * A file may change twice within one tick of the file system's clock, and look unchanged after the
 * second time: so it is remembered only when it was older than the coarsest clock's tick.
 */
const tickMs = 2_000;

/** `file` is absolute. */
export function digestOfWheel(world: World, store: Store, file: string): Digest {
  const { disk, clock } = world;
  const status = disk.statusOfTarget(file);
  const note = `${store.layout.wheels}/file-${digestOf(file)}.json`;
  const identity = status === undefined ? undefined : identityOf(status);
  const known = readNote(world, note);
  if (known !== undefined && known.identity === identity) return known.sha256;
  const startMs = clock.now();
  const sha256 = disk.digestFile(file);
  if (status === undefined) return sha256;
  if (Math.max(status.modifiedMs, status.changedMs) + tickMs < startMs) {
    writeAtomically(disk, note, JSON.stringify({ identity, sha256 }), {
      temporary: `${store.layout.scratch}/${clock.uniqueId()}`,
      durable: false,
    });
  }
  return sha256;
}

function identityOf({ device, inode, sizeBytes, modifiedMs, changedMs }: Status): string {
  return [device, inode, sizeBytes, modifiedMs, changedMs].join(" ");
}

/** A damaged note means only that the wheel is read again. */
function readNote(
  { disk }: World,
  file: string,
): { readonly identity: string; readonly sha256: Digest } | undefined {
  try {
    const note = JSON.parse(readTextIfAny(disk, file) ?? "null") as Record<string, unknown> | null;
    const { identity, sha256 } = note ?? {};
    if (typeof identity !== "string" || typeof sha256 !== "string") return undefined;
    return isDigest(sha256) ? { identity, sha256 } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
