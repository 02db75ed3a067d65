/**
 * Whole trees of files are made by several threads: one alone spends more time in Node than in the
 * kernel, and a file system can do two calls at once.
 *
 * The trees lie in one queue, from which this thread and a few others take the next one until none
 * is left. What became of a file is written into memory that all share; nobody waits for a thread that
 * comes too late. One may also die with a tree, and no word of that reaches this thread while it waits: where
 * nothing was heard of any for a while, this one takes their trees over.
 */
import * as crypto from "node:crypto";
import * as fs from "node:fs";
import { availableParallelism } from "node:os";
import { getSystemErrorName } from "node:util";
import { SHARE_ENV, Worker } from "node:worker_threads";
import { systemCalls } from "./system-calls.ts";
import { DiskError, type TreeToFill } from "../disk.ts";

const mostThreads = 4;

/** What the places in the shared memory mean: of `progress`, and of `marks` (a tree's). */
const layout = {
  at: { nextTree: 0, endedTrees: 1, beats: 2, failure: 3, failedTree: 4, failedDirectory: 5 },
  mark: { open: 0, made: 1, takenOver: 2 },
};
const { at, mark } = layout;

type AnyTree = TreeToFill<unknown>;

/** All that a thread knows. */
export interface Work<Tree extends AnyTree = AnyTree> {
  readonly trees: readonly Tree[];
  /** Where each tree's files begin, counted in files. */
  readonly starts: readonly number[];
  /** As many numbers for each file as `fields` says; zeros where there is no such file. */
  readonly results: Float64Array;
  readonly fields: number;
  readonly progress: Int32Array;
  readonly marks: Int32Array;
  /** The bits of a mode that a new directory does not get by itself. */
  readonly withheld: number;
  readonly layout: typeof layout;
}

/** What a thread calls, and what it keeps from file to file: a buffer, and whether blocks can be shared. */
export type Calls = typeof fs & {
  readonly hashing: typeof crypto;
  piece?: Buffer;
  sharesBlocks?: boolean;
};

/**
 * Makes one file. Its text is what the other threads run, so that it may use nothing but its arguments and
 * what every JavaScript has. `beat` says that the thread lives; `isAnew` that something may be there already.
 * What it throws means that there is no such file.
 */
export type MakeFile<Tree extends AnyTree> = (
  calls: Calls,
  tree: Tree,
  file: Tree["files"][number],
  say: {
    readonly result: (field: number, value: number) => void;
    readonly beat: () => void;
    readonly isAnew: boolean;
  },
) => void;

export interface Threads {
  /** Runs `program`, a function of the calls and the work, in another thread. */
  readonly start: (program: string, work: Work) => void;
  /** No living thread needs that long for one file, or one piece of it; if one does, only time is lost. */
  readonly silenceMs: number;
}

/** Gives, by tree and file, its results. */
export function makeTrees<Tree extends AnyTree>(
  trees: readonly Tree[],
  how: {
    readonly makeFile: MakeFile<Tree>;
    /** How many results a file has. */
    readonly fields: number;
    /** How many threads are worth their start beside this one. */
    readonly most: number;
  },
  threads: Threads,
): Float64Array[][] {
  const { makeFile, fields } = how;
  const work = makeWork(trees, fields);
  const program = `(calls, work) => (${takeTrees})(calls, work, ${makeTree}, ${makeFile})`;
  const count = Math.min(availableParallelism() - 1, mostThreads, trees.length - 1, how.most);
  for (let number = 0; number < count; number += 1) threads.start(program, work);
  const calls = ownCalls();
  takeTrees(calls, work, makeTree, makeFile);
  const isWhole = isEnded(work, threads.silenceMs);
  const results = isWhole ? work.results : makeMissing(calls, work, makeFile);
  throwFailure(work);
  return trees.map((tree, index) =>
    tree.files.map((_, number) => {
      const start = ((work.starts[index] ?? 0) + number) * fields;
      return results.subarray(start, start + fields);
    }),
  );
}

function makeWork<Tree extends AnyTree>(trees: readonly Tree[], fields: number): Work<Tree> {
  const starts: number[] = [];
  let files = 0;
  for (const tree of trees) {
    starts.push(files);
    files += tree.files.length;
  }
  return {
    trees,
    starts,
    results: new Float64Array(new SharedArrayBuffer(Math.max(files, 1) * fields * 8)),
    fields,
    progress: new Int32Array(new SharedArrayBuffer(Object.keys(at).length * 4)),
    marks: new Int32Array(new SharedArrayBuffer(Math.max(trees.length, 1) * 4)),
    withheld: [...new Set(trees.map(({ to }) => to))].some(changesModes) ? 0o7777 : process.umask(),
    layout,
  };
}

/** Whether new directories get bits from the one they are made in: its group, or an access list. */
function changesModes(directory: string): boolean {
  const mode = fs.lstatSync(directory, { throwIfNoEntry: false })?.mode ?? 0;
  const attributes = systemCalls().attributes(directory);
  return (mode & 0o2000) !== 0 || !("names" in attributes) || attributes.names.length > 0;
}

function ownCalls(): Calls {
  return Object.assign(Object.create(fs) as typeof fs, { hashing: crypto });
}

/** A thread that cannot be had, or starts late, is not missed. */
export function startThread(program: string, work: Work): void {
  const calls = `Object.assign(Object.create(require("node:fs")), { hashing: require("node:crypto") })`;
  const text = `(${program})(${calls}, require("node:worker_threads").workerData)`;
  try {
    const worker = new Worker(text, { eval: true, env: SHARE_ENV, workerData: work });
    worker.on("error", () => {});
    worker.unref();
  } catch {
    // then this thread does it alone
  }
}

/** Its text is what the other threads run, so that it may use nothing but its arguments. */
function takeTrees<Tree extends AnyTree>(
  calls: Calls,
  work: Work<Tree>,
  make: typeof makeTree,
  makeFile: MakeFile<Tree>,
): void {
  const { trees, progress, marks, layout } = work;
  const { at, mark } = layout;
  for (;;) {
    const index = Atomics.add(progress, at.nextTree, 1);
    if (index >= trees.length) return;
    make(calls, work, { index, own: mark.open }, makeFile);
    if (Atomics.compareExchange(marks, index, mark.open, mark.made) !== mark.open) return;
    Atomics.add(progress, at.endedTrees, 1);
    Atomics.notify(progress, at.endedTrees);
  }
}

/**
 * Its text is run by the other threads, too. It stops where somebody else has given the tree another mark;
 * `own` is the one that it has. What a dead thread has made of a tree that was taken over is left as it is.
 */
function makeTree<Tree extends AnyTree>(
  calls: Calls,
  { trees, starts, results, fields, progress, marks, withheld, layout }: Work<Tree>,
  { index, own }: { readonly index: number; readonly own: number },
  makeFile: MakeFile<Tree>,
): void {
  const { at, mark } = layout;
  const tree = trees[index] as Tree;
  const isAnew = own === mark.takenOver;
  const beat = (): void => void Atomics.add(progress, at.beats, 1);
  for (const [number, { path, mode }] of tree.directories.entries()) {
    if (Atomics.load(marks, index) !== own) return;
    const directory = `${tree.to}/${path}`;
    try {
      if (!isAnew || !calls.existsSync(directory)) calls.mkdirSync(directory, mode);
      if ((mode & withheld) !== 0) calls.chmodSync(directory, mode);
    } catch (error) {
      const { errno } = error as { errno: number };
      if (Atomics.compareExchange(progress, at.failure, 0, errno) === 0) {
        progress[at.failedTree] = index;
        progress[at.failedDirectory] = number;
      }
      return;
    }
    beat();
  }
  let start = (starts[index] ?? 0) * fields;
  const result = (field: number, value: number): void => void (results[start + field] = value);
  const say = { result, beat, isAnew };
  for (const file of tree.files) {
    if (Atomics.load(marks, index) !== own) return;
    try {
      makeFile(calls, tree, file, say);
    } catch {
      for (let field = 0; field < fields; field += 1) result(field, 0);
    }
    start += fields;
    beat();
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
function makeMissing<Tree extends AnyTree>(
  calls: Calls,
  work: Work<Tree>,
  makeFile: MakeFile<Tree>,
): Float64Array {
  const mine = { ...work, results: Float64Array.from(work.results) };
  for (const index of work.trees.keys()) {
    const before = Atomics.compareExchange(work.marks, index, mark.open, mark.takenOver);
    if (before === mark.open) makeTree(calls, mine, { index, own: mark.takenOver }, makeFile);
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
