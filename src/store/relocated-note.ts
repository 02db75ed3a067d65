/** Which made files an artifact has for a prefix: a note, which may be lost, and then they are made again. */
import { type Digest, isDigest } from "../core/index.ts";
import { type Disk, isDiskError, readTextIfAny } from "../world/index.ts";

interface RelocatedNote {
  readonly made: Digest;
  /** Between which times the files were written, in whole milliseconds since 1970. */
  readonly writtenMs: readonly [number, number];
}

/** Undefined where there is none, or a damaged one. */
export function readRelocated(disk: Disk, file: string): RelocatedNote | undefined {
  try {
    const value = JSON.parse(readTextIfAny(disk, file) ?? "null") as Partial<RelocatedNote> | null;
    const [first, last] = Array.isArray(value?.writtenMs) ? value.writtenMs : [];
    if (!isDigest(value?.made) || typeof first !== "number" || typeof last !== "number")
      return undefined;
    return { made: value.made, writtenMs: [first, last] };
  } catch (error) {
    if (error instanceof SyntaxError || isDiskError(error)) return undefined;
    throw error;
  }
}
