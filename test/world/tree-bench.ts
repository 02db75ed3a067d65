/** Trees to link and to copy, on either disk, and a thread that dies with one. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { Worker } from "node:worker_threads";
import { type Disk, makeDirectories, type TreeToLink } from "../../src/world/index.ts";
import { createSimulatedDisk } from "../../src/world/simulated/index.ts";
import { createRealDisk } from "../../src/world/real/disk.ts";
import type { Threads } from "../../src/world/real/tree-threads.ts";

export interface Bench {
  readonly disk: Disk;
  readonly root: string;
  readonly end: () => void;
}

export function simulatedBench(): Bench {
  const disk = createSimulatedDisk();
  disk.plant("/work", {});
  return { disk, root: "/work", end: () => {} };
}

export function realBench(): Bench {
  const root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "tenon-links-")));
  const end = (): void => fs.rmSync(root, { recursive: true });
  return { disk: createRealDisk(), root, end };
}

/** A tree of its own, whose files are there. */
export function makeTree(
  { disk, root }: Bench,
  name: string,
  directories: number,
  filesInEach: number,
): TreeToLink {
  const tree = { from: `${root}/from`, to: `${root}/to` };
  const folders = Array.from({ length: directories }, (_each, number) => `${name}/d${number}`);
  const files = folders.flatMap((folder) =>
    Array.from({ length: filesInEach }, (_each, number) => `${folder}/f${number}`),
  );
  for (const folder of folders) makeDirectories(disk, `${tree.from}/${folder}`);
  for (const file of files) disk.createFile(`${tree.from}/${file}`, file, 0o755);
  const all = [name, ...folders].map((each) => ({ path: each, mode: 0o777 }));
  return { ...tree, directories: all, files };
}

/** Ends in the middle of the first tree that it takes; this thread begins only when it has one. */
export function dyingThread(calls: number, call: keyof typeof fs): Threads {
  const start: Threads["start"] = (program, work) => {
    const text = `
    const fs = require("node:fs");
    const hashing = require("node:crypto");
    let count = 0;
    const ${call} = (...args) => (count++ < ${calls} ? fs.${call}(...args) : process.exit());
    (${program})({ ...fs, hashing, ${call} }, require("node:worker_threads").workerData);`;
    new Worker(text, { eval: true, workerData: work }).unref();
    while (Atomics.load(work.progress, 0) === 0) Atomics.wait(work.progress, 0, 0, 1);
  };
  return { start, silenceMs: 50 };
}
