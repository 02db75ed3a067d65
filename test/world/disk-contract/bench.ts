/** Both disks, the simulated and the real one: what holds for one has to hold for the other. */
import * as childProcess from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterEach, beforeEach, describe, test } from "vitest";
import { type Disk, DiskError } from "../../../src/world/index.ts";
import { createSimulatedDisk, snapshotTree } from "../../../src/world/simulated/index.ts";
import { createRealDisk } from "../../../src/world/real/disk.ts";

interface Place {
  readonly disk: Disk;
  readonly root: string;
  readonly end: () => void;
}

interface Bench extends Place {
  /** A folder on another file system; undefined where there is none. */
  readonly elsewhere: string | undefined;
  /** The same disk as one sees it who is not root. */
  readonly asOrdinaryUser: () => Disk;
  readonly giveAttribute: (path: string, name: string) => boolean;
  readonly plantFifo: (path: string) => void;
}

/** The bench of the test that runs, its disk, and the folder that it works in. */
export let bench: Bench;
export let disk: Disk;
export let root: string;

export const at = (name: string): string => `${root}/${name}`;
export const tree = (): unknown => snapshotTree(disk, root);

/** What an action is refused with: `operation CODE path`, the path relative to the root. */
export function refusal(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
    return `${error.operation} ${error.code} ${error.path.replace(`${root}/`, "")}`;
  }
  return "not refused";
}

export function onEachDisk(what: string, declare: (name: string) => void): void {
  const disks = { simulated: { open: simulatedBench }, real: { open: realBench } };
  onDisks(`the %s disk: ${what}`, disks, (name, opened) => {
    beforeEach(() => void (bench = opened()));
    declare(name);
  });
}

/** The tests of each of these; `why` one cannot be had. `opened` gives the one of the test that runs. */
export function onDisks<Opened extends Place>(
  title: string,
  disks: Readonly<
    Record<string, { readonly open: () => Opened; readonly why?: string | undefined }>
  >,
  declare: (name: string, opened: () => Opened) => void,
): void {
  describe.each(Object.entries(disks))(title, (name, { open, why }) => {
    if (why !== undefined) {
      test.skip(`skipped: ${why}`, () => {});
      return;
    }
    let opened: Opened;
    beforeEach(() => {
      opened = open();
      ({ disk, root } = opened);
    });
    afterEach(() => opened.end());
    declare(name, () => opened);
  });
}

export const isRoot = process.getuid?.() === 0;

function simulatedBench(): Bench {
  const disk = createSimulatedDisk({ mounts: ["/", "/other"], privileged: isRoot });
  const ordinary = createSimulatedDisk();
  disk.plant("/work", {});
  ordinary.plant("/work", {});
  return {
    disk,
    root: "/work",
    elsewhere: "/other",
    asOrdinaryUser: () => ordinary,
    giveAttribute: (file, name) => {
      disk.plantAttribute(file, name);
      return true;
    },
    plantFifo: (file) => disk.plantSpecial(file, "fifo"),
    end: () => {},
  };
}

function realBench(): Bench {
  const root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "tenon-disk-")));
  const elsewhere = otherFileSystem(root);
  return {
    disk: createRealDisk(),
    root,
    elsewhere,
    asOrdinaryUser: () => (isRoot ? asUser(createRealDisk(), root) : createRealDisk()),
    giveAttribute: (file, name) =>
      childProcess.spawnSync("python3", ["-c", setAttribute, file, name]).status === 0,
    plantFifo: (file) => void childProcess.spawnSync("mkfifo", [file]),
    end: () => {
      for (const folder of [root, elsewhere]) {
        if (folder !== undefined) fs.rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}

const ordinaryUserId = 65_534;

/** Gives the folder to another user and makes every call as that user. */
function asUser(disk: Disk, root: string): Disk {
  fs.chownSync(root, ordinaryUserId, ordinaryUserId);
  return new Proxy(disk, {
    get:
      (target, name: keyof Disk) =>
      (...parameters: never[]): unknown => {
        process.seteuid?.(ordinaryUserId);
        try {
          return (target[name] as (...parameters: never[]) => unknown)(...parameters);
        } finally {
          process.seteuid?.(0);
        }
      },
  });
}

const setAttribute = "import os, sys; os.setxattr(sys.argv[1], sys.argv[2], b'1')";

function otherFileSystem(root: string): string | undefined {
  const memory = "/dev/shm";
  if (!fs.existsSync(memory) || fs.statSync(memory).dev === fs.statSync(root).dev) return undefined;
  return fs.mkdtempSync(`${memory}/tenon-disk-`);
}
