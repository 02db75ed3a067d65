/**
 * Hard links of whole trees by several threads: one alone spends more time in Node than in the
 * kernel, and a file system can do two calls at once.
 *
 * The trees lie in one queue, from which this thread and a few others take the next one until none
 * is left. What a link became is written into memory that all share; nobody waits for a thread that
 * comes too late.
 */
import * as fs from "node:fs";
import { availableParallelism } from "node:os";
import { getSystemErrorName } from "node:util";
import { SHARE_ENV, Worker } from "node:worker_threads";
import { systemCalls } from "./system-calls.ts";
import { DiskError, type LinkedFile, type TreeToLink } from "../disk.ts";

/** Below so many entries a thread takes longer to start than they do. */
const entriesForThread = 2_000;
const mostThreads = 4;
const fields = 5;
/** Places in `progress`; the first is the next tree of the queue. */
const [done, failedTree, failedDirectory, failure] = [1, 2, 3, 4];
const places = 5;

interface Work {
  readonly trees: readonly TreeToLink[];
  /** Where each tree's files begin in `results`, counted in files. */
  readonly starts: readonly number[];
  readonly results: Float64Array;
  readonly progress: Int32Array;
  /** The bits of a mode that a new directory does not get by itself. */
  readonly withheld: number;
}

export function linkTrees(trees: readonly TreeToLink[]): (LinkedFile | undefined)[][] {
  const starts: number[] = [];
  let files = 0;
  let directories = 0;
  for (const tree of trees) {
    starts.push(files);
    files += tree.files.length;
    directories += tree.directories.length;
  }
  const work: Work = {
    trees,
    starts,
    results: new Float64Array(new SharedArrayBuffer(Math.max(files, 1) * fields * 8)),
    progress: new Int32Array(new SharedArrayBuffer(places * 4)),
    withheld: [...new Set(trees.map(({ to }) => to))].some(changesModes) ? 0o7777 : process.umask(),
  };
  const threads = Math.min(
    availableParallelism() - 1,
    mostThreads,
    trees.length - 1,
    Math.floor((files + directories) / entriesForThread),
  );
  for (let count = 0; count < threads; count += 1) startThread(work);
  takeTrees(fs, work);
  for (;;) {
    const count = Atomics.load(work.progress, done);
    if (count >= trees.length) break;
    Atomics.wait(work.progress, done, count);
  }
  throwFailure(work);
  return trees.map((tree, index) => tree.files.map((_, at) => resultAt(work, index, at)));
}

/** Whether new directories get bits from the one they are made in: its group, or an access list. */
function changesModes(directory: string): boolean {
  const mode = fs.lstatSync(directory, { throwIfNoEntry: false })?.mode ?? 0;
  const attributes = systemCalls().attributes(directory);
  return (mode & 0o2000) !== 0 || !("names" in attributes) || attributes.names.length > 0;
}

/** A thread that cannot be had, or starts late, is not missed. */
function startThread(work: Work): void {
  const program = `(${takeTrees.toString()})(require("node:fs"), require("node:worker_threads").workerData)`;
  try {
    const worker = new Worker(program, { eval: true, env: SHARE_ENV, workerData: work });
    worker.on("error", () => {});
    worker.unref();
  } catch {
    // then this thread does it alone
  }
}

/** Its text is what the other threads run, so that it may use nothing but its arguments. */
function takeTrees(
  { mkdirSync, chmodSync, linkSync, lstatSync }: typeof fs,
  { trees, starts, results, progress, withheld }: Work,
): void {
  for (;;) {
    const index = Atomics.add(progress, 0, 1);
    const tree = trees[index];
    if (tree === undefined) return;
    let isWhole = true;
    for (const [at, { path, mode }] of tree.directories.entries()) {
      try {
        mkdirSync(`${tree.to}/${path}`, mode);
        if ((mode & withheld) !== 0) chmodSync(`${tree.to}/${path}`, mode);
      } catch (error) {
        if (Atomics.compareExchange(progress, 4, 0, (error as { errno: number }).errno) === 0) {
          progress[2] = index;
          progress[3] = at;
        }
        isWhole = false;
        break;
      }
    }
    let at = (starts[index] ?? 0) * 5;
    for (const path of isWhole ? tree.files : []) {
      try {
        linkSync(`${tree.from}/${path}`, `${tree.to}/${path}`);
        const { nlink, size, mtimeMs, mode } = lstatSync(`${tree.to}/${path}`);
        results[at] = nlink;
        results[at + 1] = size;
        results[at + 2] = mtimeMs;
        results[at + 3] = mode & 0o7777;
        results[at + 4] = (mode & 0o170000) === 0o100000 ? 1 : 0;
      } catch {
        results[at] = 0;
      }
      at += 5;
    }
    Atomics.add(progress, 1, 1);
    Atomics.notify(progress, 1);
  }
}

function throwFailure({ trees, progress }: Work): void {
  const errno = progress[failure] ?? 0;
  if (errno === 0) return;
  const tree = trees[progress[failedTree] ?? 0];
  const directory = tree?.directories[progress[failedDirectory] ?? 0];
  throw new DiskError({
    code: getSystemErrorName(errno),
    operation: "mkdir",
    path: `${tree?.to}/${directory?.path}`,
  });
}

function resultAt({ starts, results }: Work, tree: number, file: number): LinkedFile | undefined {
  const at = ((starts[tree] ?? 0) + file) * fields;
  const [linkCount = 0, sizeBytes = 0, modifiedMs = 0, mode = 0, isFile = 0] = results.subarray(
    at,
    at + fields,
  );
  if (linkCount === 0) return undefined;
  return { linkCount, sizeBytes, modifiedMs, mode, isFile: isFile === 1 };
}
