/**
 * What the crash tests have in common: a scenario's two ends, and whether a prefix is at one of them,
 * wholly the old set or wholly the new one, with foreign files there.
 */
import { expect } from "vitest";
import { recover, removeAbandoned } from "../../src/install/index.ts";
import { tryLockPrefix } from "../../src/prefix/index.ts";
import type { SimulatedDisk } from "../../src/world/simulated/index.ts";
import { ancestorsOf } from "../../src/core/index.ts";
import { scenarios } from "./scenarios.ts";
import {
  change,
  findings,
  layout,
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

export interface Ends {
  readonly old: State;
  readonly next: State;
  readonly operations: number;
}

export async function endsOf(scenario: Scenario): Promise<Ends> {
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

export function recoverOn(disk: SimulatedDisk): void {
  const world = worldOn(disk);
  const lock = tryLockPrefix(world, layout, "recovery");
  if (lock === undefined) throw new Error("the dead process still holds the lock");
  recover(world, layout, { sync: true });
  removeAbandoned(world, layout);
  lock.release();
}

export function expectWhole(disk: SimulatedDisk, { old, next }: Ends, place: string): void {
  const now = JSON.stringify(state(disk));
  const isWhole = now === JSON.stringify(old) || now === JSON.stringify(next);
  if (!isWhole) expect({ place, ...state(disk) }).toEqual({ place, ...next });
  expect({ place, journal: disk.status(layout.journal) }).toEqual({ place, journal: undefined });
}

/** Where a saved file could not be moved to its place, it is still on tenon's side. */
export function expectWholeOrSavedInside(
  disk: SimulatedDisk,
  { old, next }: Ends,
  place: string,
): void {
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
export async function expectNothingAbandoned(disk: SimulatedDisk): Promise<void> {
  await change(worldOn(disk), { add: [], remove: [] });
  const folders = disk.list(layout.transactions).map(({ name }) => name);
  const isClosed = (name: string): boolean =>
    disk.status(`${layout.transactions}/${name}/journal.json`) !== undefined;
  expect(folders.filter((name) => !isClosed(name))).toEqual([]);
}

/** Before the journal a power loss takes nothing but the transaction's own folder. */
export function changesPrefix(disk: SimulatedDisk): boolean {
  return disk.pending.some(({ path, to }) =>
    [path, to ?? path].some((each) => !each.startsWith(layout.transactions)),
  );
}

export const named = scenarios.map((scenario) => [scenario.name, scenario] as const);
