/**
 * Every scenario, stopped before each of its disk operations, with the recovery stopped before each
 * of its own; each operation failing; and every power loss that the simulated disk can enumerate.
 * Afterwards the prefix is wholly the old set or wholly the new one, and foreign files are there.
 */
import { describe, expect, test } from "vitest";
import { recover, removeAbandoned } from "../../src/install/index.ts";
import { tryLockPrefix } from "../../src/prefix/index.ts";
import {
  isDiskError,
  powerLosses,
  removeTree,
  type SimulatedDisk,
  SimulatedStop,
} from "../../src/world/index.ts";
import { ancestorsOf, TenonError } from "../../src/core/index.ts";
import { scenarios } from "./scenarios.ts";
import {
  change,
  findings,
  layout,
  type PackageSpec,
  plantForeign,
  prefix,
  recorded,
  type Scenario,
  setUp,
  stagesOn,
  view,
  worldOn,
} from "./stack.ts";

interface State {
  readonly files: Record<string, string>;
  readonly packages: Record<string, string>;
  readonly findings: readonly unknown[];
  /** Stages that were handed over: whole at their place, or gone. */
  readonly stages: Record<string, string>;
}

interface Ends {
  readonly old: State;
  readonly next: State;
  readonly operations: number;
}

async function endsOf(scenario: Scenario): Promise<Ends> {
  const { disk, change: wanted } = await setUp(scenario);
  const old = state(disk);
  disk.plan({});
  await change(worldOn(disk), wanted, scenario.on);
  // What a person had changed is as recorded afterwards, or is back where a rollback found it.
  if (scenario.rollBack === undefined) expect(findings(disk)).toEqual([]);
  return { old, next: state(disk), operations: disk.operations.length };
}

/** What a person sees, without by-products: they may go at any time. */
function state(disk: SimulatedDisk): State {
  const seen = Object.entries(view(disk)).filter(([path]) => !path.includes("__pycache__"));
  return {
    files: Object.fromEntries(seen),
    packages: recorded(disk),
    findings: findings(disk),
    stages: stagesOn(disk),
  };
}

function recoverOn(disk: SimulatedDisk): void {
  const world = worldOn(disk);
  const lock = tryLockPrefix(world, layout, "recovery");
  if (lock === undefined) throw new Error("the dead process still holds the lock");
  recover(world, layout, { sync: true });
  removeAbandoned(world, layout);
  lock.release();
}

function expectWhole(disk: SimulatedDisk, { old, next }: Ends, place: string): void {
  const now = JSON.stringify(state(disk));
  const isWhole = now === JSON.stringify(old) || now === JSON.stringify(next);
  if (!isWhole) expect({ place, ...state(disk) }).toEqual({ place, ...next });
  expect({ place, journal: disk.status(layout.journal) }).toEqual({ place, journal: undefined });
}

/** Where a saved file could not be moved to its place, it is still on tenon's side. */
function expectWholeOrSavedInside(disk: SimulatedDisk, { old, next }: Ends, place: string): void {
  const inside = Object.keys(disk.snapshot(layout.transactions));
  const files = { ...state(disk).files };
  for (const [path, content] of Object.entries(next.files)) {
    if (!path.endsWith(".tenon-save") || path in files || path in old.files) continue;
    if (!inside.some((each) => each.endsWith(path))) continue;
    files[path] = content;
    for (const above of ancestorsOf(path)) files[above] ??= "/";
  }
  const now = sorted({ ...state(disk), files });
  // A stage that may not be moved is linked, and then is its owner's to remove.
  const linked = sorted({ ...next, stages: old.stages });
  if (sorted(old) !== now && linked !== now)
    expect({ place, now }).toEqual({ place, now: sorted(next) });
  expect({ place, journal: disk.status(layout.journal) }).toEqual({ place, journal: undefined });
}

function sorted({ files, packages, findings: found, stages }: State): string {
  return JSON.stringify([Object.entries(files).sort(), packages, found, stages]);
}

/** The next transaction, even one that has nothing to do, removes what dead ones left. */
async function expectNothingAbandoned(disk: SimulatedDisk): Promise<void> {
  await change(worldOn(disk), { add: [], remove: [] });
  const folders = disk.list(layout.transactions).map(({ name }) => name);
  const isClosed = (name: string): boolean =>
    disk.status(`${layout.transactions}/${name}/journal.json`) !== undefined;
  expect(folders.filter((name) => !isClosed(name))).toEqual([]);
}

/** Before the journal a power loss takes nothing but the transaction's own folder. */
function changesPrefix(disk: SimulatedDisk): boolean {
  return disk.pending.some(({ path, to }) =>
    [path, to ?? path].some((each) => !each.startsWith(layout.transactions)),
  );
}

const named = scenarios.map((scenario) => [scenario.name, scenario] as const);

describe("killed before every operation", () => {
  test.each(named)("%s", async (_name, scenario) => {
    const ends = await endsOf(scenario);
    let cases = 0;
    for (let at = 0; at < ends.operations; at += 1) {
      const { disk, change: wanted } = await setUp(scenario);
      disk.plan({ stopAt: at });
      await expect(change(worldOn(disk), wanted, scenario.on)).rejects.toThrow(SimulatedStop);
      for (let again = 0; ; again += 1) {
        const survivor = disk.copy();
        survivor.plan({ stopAt: again });
        let stopped = false;
        try {
          recoverOn(survivor);
        } catch (error) {
          if (!(error instanceof SimulatedStop)) throw error;
          stopped = true;
        }
        const next = survivor.copy();
        recoverOn(next);
        expectWhole(next, ends, `killed at ${at}, recovery killed at ${again}`);
        cases += 1;
        if (stopped) continue;
        await expectNothingAbandoned(next);
        break;
      }
    }
    expect(cases).toBeGreaterThan(ends.operations);
  });
});

describe("every operation fails", () => {
  test.each(named)("%s", async (_name, scenario) => {
    const ends = await endsOf(scenario);
    for (const code of ["ENOSPC", "EIO", "EACCES"]) {
      for (let n = 0; n < ends.operations; n += 1) {
        const { disk, change: wanted } = await setUp(scenario);
        disk.plan({ failAt: { n, code } });
        await change(worldOn(disk), wanted, scenario.on).catch((error: unknown) => {
          if (!(error instanceof TenonError) && !isDiskError(error)) throw error;
        });
        const unplugged =
          code === "EIO" && changesPrefix(disk)
            ? [...powerLosses(disk)].map((loss) => loss.disk)
            : [];
        for (const next of [disk.crash(), ...unplugged]) {
          recoverOn(next);
          const expectOne = code === "EACCES" ? expectWholeOrSavedInside : expectWhole;
          expectOne(next, ends, `operation ${n} failed with ${code}`);
        }
      }
    }
  });
});

/** Killed after the first steps; then somebody takes the path of a step that is still to come. */
describe("recovery must take back, and is killed before every operation", () => {
  const obstacle = "bin/a";
  const isNew = ({ files }: PackageSpec): boolean => Object.hasOwn(files, obstacle);
  const ofInterest = named.filter(
    ([, { add = [], installed }]) => add.some(isNew) && !installed.some(isNew),
  );

  test.each(ofInterest)("%s", async (_name, scenario) => {
    const ends = await endsOf(scenario);
    let takenBack = 0;
    for (let at = 0; at < ends.operations; at += 1) {
      const { disk, change: wanted } = await setUp(scenario);
      disk.plan({ stopAt: at });
      await change(worldOn(disk), wanted, scenario.on).catch(() => undefined);
      const dead = disk.copy();
      if (dead.status(layout.journal) === undefined) continue;
      if (dead.status(`${prefix}/${obstacle}`) !== undefined) continue;
      plantForeign(dead, { [obstacle]: "mine" });
      for (let again = 0, isOver = false; !isOver; again += 1) {
        const survivor = dead.copy();
        survivor.plan({ stopAt: again });
        try {
          recoverOn(survivor);
          isOver = true;
        } catch (error) {
          if (!(error instanceof SimulatedStop)) throw error;
        }
        const next = survivor.copy();
        recoverOn(next);
        expect(view(next)[obstacle]).toBe("mine");
        removeTree(next, `${prefix}/${obstacle}`);
        if (next.list(`${prefix}/bin`).length === 0) removeTree(next, `${prefix}/bin`);
        expectWhole(next, ends, `killed at ${at}, recovery killed at ${again}`);
        takenBack += 1;
      }
    }
    expect(takenBack).toBeGreaterThan(ends.operations);
  });
});

describe("power lost at every operation", () => {
  test.each(named)("%s", async (_name, scenario) => {
    const ends = await endsOf(scenario);
    for (let at = 0; at <= ends.operations; at += 1) {
      const { disk, change: wanted } = await setUp(scenario);
      disk.plan({ stopAt: at });
      await change(worldOn(disk), wanted, scenario.on).catch(() => undefined);
      if (!changesPrefix(disk)) continue;
      for (const { label, disk: restarted } of powerLosses(disk, { randomSubsets: 5, seed: at })) {
        recoverOn(restarted);
        expectWhole(restarted, ends, `stopped at ${at}, kept ${label}`);
      }
    }
  });
});
