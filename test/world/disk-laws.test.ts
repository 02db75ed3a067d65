/** Laws of the simulated disk: it agrees with the real one, and its durability is consistent. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { type Disk, DiskError } from "../../src/world/index.ts";
import {
  createSimulatedDisk,
  powerLosses,
  type SimulatedDisk,
  snapshotTree,
} from "../../src/world/simulated/index.ts";
import { createRealDisk } from "../../src/world/real/disk.ts";

interface Step {
  readonly call:
    | "createFile"
    | "append"
    | "makeDirectory"
    | "makeLink"
    | "hardLink"
    | "copyFile"
    | "setMode"
    | "rename"
    | "renameNoReplace"
    | "exchange"
    | "removeFile"
    | "removeDirectory"
    | "syncFile"
    | "syncDirectory"
    | "realPath"
    | "statusOfTarget";
  readonly path: string;
  readonly other: string;
}

const name = fc.constantFrom("a", "b", "c");
const anyPath = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join("/"));
const step: fc.Arbitrary<Step> = fc.record({
  call: fc.constantFrom(
    ...(["createFile", "append", "makeDirectory", "makeDirectory", "makeDirectory"] as const),
    ...(["makeLink", "hardLink", "copyFile", "setMode", "removeFile", "removeDirectory"] as const),
    ...(["rename", "rename", "renameNoReplace", "exchange", "exchange"] as const),
    ...(["syncFile", "syncDirectory", "realPath", "statusOfTarget"] as const),
  ),
  path: anyPath,
  other: anyPath,
});
const steps = fc.array(step, { minLength: 1, maxLength: 40 });

/** What the step gave, in words that do not depend on where the root is. */
function take(disk: Disk, root: string, { call, path, other }: Step): string {
  const [at, to] = [`${root}/${path}`, `${root}/${other}`];
  try {
    switch (call) {
      case "createFile":
        disk.createFile(at, path);
        return "done";
      case "append": {
        const writer = disk.openWriter(at, { append: true, mode: 0o644 });
        writer.write(Buffer.from(other));
        writer.close();
        return "done";
      }
      case "makeLink":
        disk.makeLink(at, other);
        return "done";
      case "setMode":
        disk.setMode(at, 0o700 + other.length);
        return "done";
      case "realPath":
        return disk.realPath(at).replace(root, "");
      case "statusOfTarget":
        return disk.statusOfTarget(at)?.type ?? "nothing";
      case "hardLink":
      case "copyFile":
      case "rename":
      case "renameNoReplace":
      case "exchange":
        disk[call](at, to);
        return "done";
      default:
        disk[call](at);
        return "done";
    }
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
    return `${error.operation} ${error.code}`;
  }
}

function linkCounts(disk: Disk, root: string): [string, number | undefined][] {
  return Object.entries(snapshotTree(disk, root))
    .filter(([, { type }]) => type !== "directory")
    .map(([path]) => [path, disk.status(`${root}/${path}`)?.linkCount]);
}

test("the simulated and the real disk give the same answers and the same trees", () => {
  const top = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "tenon-laws-")));
  const real = createRealDisk();
  let run = 0;
  try {
    fc.assert(
      fc.property(steps, (taken) => {
        const root = `${top}/${run++}`;
        real.makeDirectory(root);
        const simulated = createSimulatedDisk({ privileged: true });
        simulated.plant("/w", {});
        for (const one of taken) {
          expect([one, take(simulated, "/w", one)]).toEqual([one, take(real, root, one)]);
        }
        expect(simulated.snapshot("/w")).toEqual(snapshotTree(real, root));
        expect(linkCounts(simulated, "/w")).toEqual(linkCounts(real, root));
      }),
      { numRuns: 300 },
    );
  } finally {
    fs.rmSync(top, { recursive: true, force: true });
  }
});

function after(taken: readonly Step[]): SimulatedDisk {
  const disk = createSimulatedDisk();
  disk.plant("/w", { "a/b/": "", c: "old" });
  for (const one of taken) take(disk, "/w", one);
  return disk;
}

test("nothing is lost when everything is kept, or when everything was synced", () => {
  fc.assert(
    fc.property(steps, (taken) => {
      const disk = after(taken);
      expect(disk.powerLoss(() => true).snapshot("/")).toEqual(disk.snapshot("/"));
      disk.syncFileSystem("/");
      expect(disk.pending).toEqual([]);
      expect(disk.powerLoss(() => false).snapshot("/")).toEqual(disk.snapshot("/"));
    }),
  );
});

test("a synced directory lists after any power loss what it listed before", () => {
  fc.assert(
    fc.property(steps, (taken) => {
      const disk = after(taken);
      disk.syncDirectory("/w");
      for (const lost of powerLosses(disk, { randomSubsets: 5 })) {
        expect(lost.disk.list("/w")).toEqual(disk.list("/w"));
      }
    }),
    { numRuns: 100 },
  );
});

test("every power loss leaves a tree: one parent a directory, right link counts", () => {
  fc.assert(
    fc.property(steps, (taken) => {
      for (const { disk } of powerLosses(after(taken), { randomSubsets: 10 })) {
        const counts = new Map<bigint, number>();
        const found = Object.keys(disk.snapshot("/")).map((name) => disk.status(`/${name}`));
        for (const status of found) {
          if (status !== undefined) counts.set(status.inode, (counts.get(status.inode) ?? 0) + 1);
        }
        for (const status of found) {
          const expected = status?.type === "directory" ? 1 : status?.linkCount;
          expect(counts.get(status?.inode ?? 0n)).toBe(expected);
        }
      }
    }),
    { numRuns: 100 },
  );
});
