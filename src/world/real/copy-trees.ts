/** Copies of whole trees by several threads, each file hashed while it is written. */
import type { CopyKind, FileToCopy, TreeToCopy } from "../disk.ts";
import { type Calls, makeTrees, type MakeFile, startThread, type Threads } from "./tree-threads.ts";

/** Below so many files, or bytes, a thread takes longer to start than they do. */
const filesForThread = 400;
const bytesForThread = 1 << 23;

/** By its one result. */
const kinds = [undefined, "copied", "shared"] as const;

/** A disk may keep a writer waiting for long, where others have written much. */
const silenceMs = 60_000;

export function copyTrees(
  trees: readonly TreeToCopy[],
  threads: Threads = { start: startThread, silenceMs },
): (CopyKind | undefined)[][] {
  let [files, bytes] = [0, 0];
  for (const tree of trees) {
    files += tree.files.length;
    for (const { sizeBytes } of tree.files) bytes += sizeBytes;
  }
  const most = Math.floor(Math.max(files / filesForThread, bytes / bytesForThread));
  const results = makeTrees(trees, { makeFile: makeCopy, fields: 1, most }, threads);
  return results.map((each) => each.map(([kind = 0]) => kinds[kind]));
}

/**
 * As `MakeFile` says, its text is all that a thread has of it. Nothing waits for a writer of a pipe here: it
 * is opened without blocking, and refused. What is longer than it was said to be is not read to its end.
 */
function makeCopy(
  calls: Calls,
  tree: TreeToCopy,
  { path, sha256, sizeBytes, mode }: FileToCopy,
  { result, beat, isAnew }: Parameters<MakeFile<TreeToCopy>>[3],
): void {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK, COPYFILE_EXCL, COPYFILE_FICLONE_FORCE } =
    calls.constants;
  const to = `${tree.to}/${path}`;
  const source = calls.openSync(`${tree.from}/${path}`, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  let target: number | undefined;
  try {
    const stats = calls.fstatSync(source);
    if (!stats.isFile() || stats.size !== sizeBytes || (stats.mode & 0o7777) !== mode) return;
    const modified = stats.mtimeMs / 1000;
    if (isAnew) calls.rmSync(to, { force: true });
    if (tree.share && calls.sharesBlocks !== false) {
      try {
        calls.copyFileSync(`/proc/self/fd/${source}`, to, COPYFILE_EXCL | COPYFILE_FICLONE_FORCE);
        calls.utimesSync(to, modified, modified);
        calls.chmodSync(to, mode);
        return result(0, 2);
      } catch {
        calls.sharesBlocks = false; // and what is there is in the way of the copy, which is then made by another
      }
    }
    target = calls.openSync(to, "wx", 0o600);
    const piece = (calls.piece ??= Buffer.allocUnsafeSlow(1 << 18));
    const digest = calls.hashing.createHash("sha256");
    for (let left = sizeBytes; left > 0;) {
      const length = calls.readSync(source, piece, 0, Math.min(left, piece.length), null);
      if (length === 0) return; // it was cut meanwhile
      digest.update(piece.subarray(0, length));
      for (let at = 0; at < length;) at += calls.writeSync(target, piece, at, length - at, null);
      left -= length;
      beat();
    }
    if (digest.digest("hex") !== sha256) return;
    calls.futimesSync(target, modified, modified);
    calls.fchmodSync(target, mode);
    result(0, 1);
  } finally {
    calls.closeSync(source);
    if (target !== undefined) calls.closeSync(target);
  }
}
