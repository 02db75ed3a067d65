/**
 * Hard links of whole trees by several threads: one alone spends more time in Node than in the
 * kernel, and a file system can do two calls at once.
 *
 * The trees lie in one queue, from which this thread and a few others take the next one until none
 * is left. What a link became is written into memory that all share; nobody waits for a thread that
 * comes too late. One may also die with a tree, and no word of that reaches this thread while it waits: where
 * nothing was heard of any for a while, this one takes their trees over.
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
/** No living thread needs that long for one link; if one does, only time is lost. */
const silenceMs = 5_000;

/** What the places in the shared memory mean: of `progress`, `marks` (a tree's), and `results` (a link's). */
const layout = {
  at: { nextTree: 0, endedTrees: 1, beats: 2, failure: 3, failedTree: 4, failedDirectory: 5 },
  mark: { open: 0, made: 1, takenOver: 2 },
  field: { linkCount: 0, sizeBytes: 1, modifiedMs: 2, mode: 3, isFile: 4 },
  fields: 5,
};
const { at, mark, field, fields } = layout;

/** All that a thread knows. */
export interface Work {
  readonly trees: readonly TreeToLink[];
  /** Where each tree's files begin in `results`, counted in files. */
  readonly starts: readonly number[];
  readonly results: Float64Array;
  readonly progress: Int32Array;
  readonly marks: Int32Array;
  /** The bits of a mode that a new directory does not get by itself. */
  readonly withheld: number;
  readonly layout: typeof layout;
}

export interface Threads {
  /** Runs `program`, a function of the file system's calls and the work, in another thread. */
  readonly start: (program: string, work: Work) => void;
  readonly silenceMs: number;
}

export function linkTrees(
  trees: readonly TreeToLink[],
  threads: Threads = { start: startThread, silenceMs },
): (LinkedFile | undefined)[][] {
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
    progress: new Int32Array(new SharedArrayBuffer(Object.keys(at).length * 4)),
    marks: new Int32Array(new SharedArrayBuffer(Math.max(trees.length, 1) * 4)),
    withheld: [...new Set(trees.map(({ to }) => to))].some(changesModes) ? 0o7777 : process.umask(),
    layout,
  };
  const count = Math.min(
    availableParallelism() - 1,
    mostThreads,
    trees.length - 1,
    Math.floor((files + directories) / entriesForThread),
  );
  const program = `(calls, work) => (${takeTrees})(calls, work, ${makeTree})`;
  for (let number = 0; number < count; number += 1) threads.start(program, work);
  takeTrees(fs, work, makeTree);
  const results = isEnded(work, threads.silenceMs) ? work.results : makeMissing(work);
  throwFailure(work);
  return trees.map((tree, index) =>
    tree.files.map((_, number) => resultAt(results, (starts[index] ?? 0) + number)),
  );
}

/** Whether new directories get bits from the one they are made in: its group, or an access list. */
function changesModes(directory: string): boolean {
  const mode = fs.lstatSync(directory, { throwIfNoEntry: false })?.mode ?? 0;
  const attributes = systemCalls().attributes(directory);
  return (mode & 0o2000) !== 0 || !("names" in attributes) || attributes.names.length > 0;
}

/** A thread that cannot be had, or starts late, is not missed. */
function startThread(program: string, work: Work): void {
  const text = `(${program})(require("node:fs"), require("node:worker_threads").workerData)`;
  try {
    const worker = new Worker(text, { eval: true, env: SHARE_ENV, workerData: work });
    worker.on("error", () => {});
    worker.unref();
  } catch {
    // then this thread does it alone
  }
}

/** Its text is what the other threads run, so that it may use nothing but its arguments. */
function takeTrees(calls: typeof fs, work: Work, make: typeof makeTree): void {
  const { trees, progress, marks, layout } = work;
  const { at, mark } = layout;
  for (;;) {
    const index = Atomics.add(progress, at.nextTree, 1);
    if (index >= trees.length) return;
    make(calls, work, index, mark.open);
    if (Atomics.compareExchange(marks, index, mark.open, mark.made) !== mark.open) return;
    Atomics.add(progress, at.endedTrees, 1);
    Atomics.notify(progress, at.endedTrees);
  }
}

/**
 * Its text is run by the other threads, too. It stops where somebody else has given the tree another mark;
 * `own` is the one that it has. What a dead thread has made of a tree that was taken over is left as it is.
 */
function makeTree(
  { mkdirSync, chmodSync, linkSync, lstatSync, existsSync }: typeof fs,
  { trees, starts, results, progress, marks, withheld, layout }: Work,
  index: number,
  own: number,
): void {
  const { at, mark, field, fields } = layout;
  const { to, from, directories, files } = trees[index] as TreeToLink;
  const isThere = (path: string): boolean => own === mark.takenOver && existsSync(path);
  for (const [number, { path, mode }] of directories.entries()) {
    if (Atomics.load(marks, index) !== own) return;
    try {
      if (!isThere(`${to}/${path}`)) mkdirSync(`${to}/${path}`, mode);
      if ((mode & withheld) !== 0) chmodSync(`${to}/${path}`, mode);
    } catch (error) {
      const { errno } = error as { errno: number };
      if (Atomics.compareExchange(progress, at.failure, 0, errno) === 0) {
        progress[at.failedTree] = index;
        progress[at.failedDirectory] = number;
      }
      return;
    }
    Atomics.add(progress, at.beats, 1);
  }
  let start = (starts[index] ?? 0) * fields;
  for (const path of files) {
    if (Atomics.load(marks, index) !== own) return;
    try {
      if (!isThere(`${to}/${path}`)) linkSync(`${from}/${path}`, `${to}/${path}`);
      const { nlink, size, mtimeMs, mode } = lstatSync(`${to}/${path}`);
      results[start + field.linkCount] = nlink;
      results[start + field.sizeBytes] = size;
      results[start + field.modifiedMs] = mtimeMs;
      results[start + field.mode] = mode & 0o7777;
      results[start + field.isFile] = (mode & 0o170000) === 0o100000 ? 1 : 0;
    } catch {
      results[start + field.linkCount] = 0;
    }
    start += fields;
    Atomics.add(progress, at.beats, 1);
  }
}

/** Waits for the trees of the other threads; false where nothing is heard of them any more. */
function isEnded({ trees, progress }: Work, silenceMs: number): boolean {
  for (;;) {
    const beats = Atomics.load(progress, at.beats);
    const ended = Atomics.load(progress, at.endedTrees);
    if (ended >= trees.length) return true;
    const answer = Atomics.wait(progress, at.endedTrees, ended, silenceMs);
    if (answer === "timed-out" && Atomics.load(progress, at.beats) === beats) return false;
  }
}

/** Gives results of this thread's own: one that lives after all may still write into those of all. */
function makeMissing(work: Work): Float64Array {
  const mine = { ...work, results: Float64Array.from(work.results) };
  for (const index of work.trees.keys()) {
    const before = Atomics.compareExchange(work.marks, index, mark.open, mark.takenOver);
    if (before === mark.open) makeTree(fs, mine, index, mark.takenOver);
  }
  return mine.results;
}

function throwFailure({ trees, progress }: Work): void {
  const errno = progress[at.failure] ?? 0;
  if (errno === 0) return;
  const tree = trees[progress[at.failedTree] ?? 0];
  const directory = tree?.directories[progress[at.failedDirectory] ?? 0];
  throw new DiskError({
    code: getSystemErrorName(errno),
    operation: "mkdir",
    path: `${tree?.to}/${directory?.path}`,
  });
}

function resultAt(results: Float64Array, file: number): LinkedFile | undefined {
  const start = file * fields;
  const linkCount = results[start + field.linkCount] ?? 0;
  if (linkCount === 0) return undefined;
  return {
    linkCount,
    sizeBytes: results[start + field.sizeBytes] ?? 0,
    modifiedMs: results[start + field.modifiedMs] ?? 0,
    mode: results[start + field.mode] ?? 0,
    isFile: results[start + field.isFile] === 1,
  };
}
