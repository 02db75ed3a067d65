/** The simulated Disk: Linux semantics in memory, with planned faults, crashes and power losses. */
import type { Disk } from "../disk.ts";
import { copyTreesInTurn, linkTreesInTurn } from "../trees-in-turn.ts";
import { contentCalls } from "./contents.ts";
import { imageAfterPowerLoss, syncDevice } from "./durability.ts";
import { entryCalls } from "./entries.ts";
import { makeProcess, startPlan } from "./faults.ts";
import { copyImage, type Image } from "./image.ts";
import { isLocked, tryLock } from "./locks.ts";
import {
  bootKernel,
  commitToCache,
  type Kernel,
  liveInode,
  type SimulatedDiskOptions,
} from "./kernel.ts";
import { readingCalls } from "./reading.ts";
import { renameCalls } from "./renames.ts";
import { addInode, endProcess, locateInode, locateNew, type SimulatedSession } from "./session.ts";
import type { SimulatedDisk } from "./simulated-disk.ts";
import { syncCalls } from "./syncs.ts";
import { plantTree, snapshotTree } from "./trees.ts";
import { openWriter } from "./writer.ts";

export function createSimulatedDisk(options: SimulatedDiskOptions = {}): SimulatedDisk {
  return startProcess(bootKernel(options), "main");
}

function startProcess(kernel: Kernel, name: string): SimulatedDisk {
  const running = kernel.processes.get(name);
  const process = running ?? makeProcess(name, kernel.nextProcess++);
  kernel.processes.set(name, process);
  return viewOf({ kernel, process });
}

function viewOf(session: SimulatedSession): SimulatedDisk {
  const { kernel, process } = session;
  return {
    ...diskCalls(session),
    ...processCalls(session),
    ...plantingCalls(kernel),
    processId: process.number,
    isAlive: (id) => [...kernel.processes.values()].some(({ number }) => number === id),
    get stopped() {
      return process.stopped;
    },
    get operations() {
      return process.operations;
    },
    get pending() {
      return kernel.pending.map(({ operation }) => operation);
    },
  };
}

function diskCalls(session: SimulatedSession): Disk {
  const reading = readingCalls(session);
  const entries = entryCalls(session);
  const contents = contentCalls(session);
  return {
    ...reading,
    ...entries,
    linkTrees: (trees) => linkTreesInTurn({ ...reading, ...entries }, trees),
    copyTrees: (trees) => copyTreesInTurn({ ...entries, ...contents }, trees),
    extract: (members) => members.map(() => undefined),
    ...renameCalls(session),
    ...contents,
    ...syncCalls(session),
    openWriter: (path, options) => openWriter(session, path, options),
    tryLock: (path, mode) => tryLock(session, path, mode),
    isLocked: (path) => isLocked(session, path),
  };
}

function processCalls(
  session: SimulatedSession,
): Pick<SimulatedDisk, "plan" | "asProcess" | "crash" | "powerLoss" | "copy"> {
  const { kernel, process } = session;
  return {
    plan: (plan) => startPlan(process, plan),
    asProcess: (name) => startProcess(kernel, name),
    crash: () => {
      endProcess(session);
      return startProcess(kernel, process.id);
    },
    powerLoss: (choose) => {
      const image = imageAfterPowerLoss(kernel, ({ operation }, index) => choose(operation, index));
      return startProcess(restart(kernel, image), process.id);
    },
    copy: () => startProcess(duplicate(kernel), process.id),
  };
}

function restart(kernel: Kernel, image: Image): Kernel {
  return {
    ...kernel,
    starts: kernel.starts + 1,
    live: image,
    durable: copyImage(image),
    pending: [],
    locks: new Map(),
    processes: new Map(),
  };
}

function duplicate(kernel: Kernel): Kernel {
  return {
    ...restart(kernel, copyImage(kernel.live)),
    durable: copyImage(kernel.durable),
    pending: [...kernel.pending],
  };
}

/** Done by a process of their own, which no plan disturbs. */
function plantingCalls(
  kernel: Kernel,
): Pick<SimulatedDisk, "snapshot" | "plant" | "plantSpecial" | "plantAttribute" | "sink"> {
  const gardener = (): Disk => diskCalls({ kernel, process: makeProcess("gardener", 0) });
  const settle = (): void =>
    kernel.fileSystems.roots.forEach((_root, index) => syncDevice(kernel, index + 1));
  return {
    snapshot: (path) => snapshotTree(gardener(), path),
    plant: (path, tree) => {
      plantTree(gardener(), path, tree);
      settle();
    },
    plantSpecial: (path, type) => {
      const call = { operation: "mknod", path };
      addInode(kernel, { name: "mknod", path }, locateNew(kernel, call), { type });
      settle();
    },
    plantAttribute: (path, name) => {
      const { number, attributes } = locateInode(kernel, { operation: "setxattr", path }, false);
      const change = {
        kind: "attributes",
        inode: number,
        attributes: new Set([...attributes, name]),
      } as const;
      commitToCache(kernel, { name: "setxattr", path }, change);
      settle();
    },
    sink: (path) => {
      const { number } = locateInode(kernel, { operation: "sink", path }, false);
      sinkDirectories(kernel, number);
    },
  };
}

function sinkDirectories(kernel: Kernel, number: number): void {
  const inode = liveInode(kernel, number);
  if (inode.type !== "directory") return;
  kernel.lower.add(number);
  for (const child of inode.entries.values()) sinkDirectories(kernel, child);
}
