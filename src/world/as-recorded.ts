/**
 * Whether a path is what is on record of it: one answer for the prefix, the store, and what a transaction moves.
 *
 * Reading a file costs most, so whoever asks says of what else it is enough. Something that cannot be looked at
 * is a difference of its own, never an error: one bad sector must not hide all else that was to be found.
 */
import type { Entry } from "../core/index.ts";
import { describeErrno, type Disk, type FileType, isDiskError, type Status } from "./disk.ts";

export type Difference =
  | { readonly kind: "missing" }
  /** By its size or its content. */
  | { readonly kind: "changed" }
  | { readonly kind: "wrong-type"; readonly expected: FileType; readonly found: FileType }
  | { readonly kind: "wrong-mode"; readonly expected: number; readonly found: number }
  | { readonly kind: "wrong-target"; readonly expected: string; readonly found: string }
  /** The reason is what the kernel says: "permission denied (EACCES)". */
  | { readonly kind: "unreadable"; readonly reason: string };

/**
 * Undefined where the entry is as recorded. A directory is shared: its mode is that of whoever made it. Nothing
 * is followed, and nothing but a regular file is read. `isTrusted` is asked once of whatever has the right
 * type: where it says so, a file's content and a link's target are not looked at.
 */
export function differenceFrom(
  disk: Disk,
  place: string,
  entry: Entry,
  isTrusted: (status: Status) => boolean = () => false,
): Difference | undefined {
  try {
    const status = disk.status(place);
    if (status === undefined) return { kind: "missing" };
    if (status.type !== entry.type)
      return { kind: "wrong-type", expected: entry.type, found: status.type };
    const isKnown = isTrusted(status);
    if (entry.type === "directory") return undefined;
    if (entry.type === "link") {
      const found = isKnown ? entry.target : disk.readLink(place);
      if (found === entry.target) return undefined;
      return { kind: "wrong-target", expected: entry.target, found };
    }
    if (status.sizeBytes !== entry.sizeBytes) return { kind: "changed" };
    if (!isKnown && disk.digestFile(place) !== entry.sha256) return { kind: "changed" };
    if (status.mode === entry.mode) return undefined;
    return { kind: "wrong-mode", expected: entry.mode, found: status.mode };
  } catch (error) {
    return differenceOf(error);
  }
}

/** What a failed look at a path says of it. */
export function differenceOf(error: unknown): Difference {
  if (isDiskError(error, "ENOENT", "ENOTDIR", "ELOOP")) return { kind: "missing" };
  if (isDiskError(error)) return { kind: "unreadable", reason: describeErrno(error.code) };
  throw error;
}
