/** `tenon move` killed before each of its disk operations, and unplugged: one of the two prefixes is whole, at its place. */
import { expect, test } from "vitest";
import { TenonError } from "../../src/core/index.ts";
import { movePrefix } from "../../src/operations/moving/move.ts";
import { relocateTree } from "../../src/operations/moving/relocate-tree.ts";
import { layoutOf, readRecords, verifyRecords } from "../../src/prefix/index.ts";
import { exists, isDiskError } from "../../src/world/index.ts";
import { powerLosses, type SimulatedDisk, SimulatedStop } from "../../src/world/simulated/index.ts";
import { old, plantOld, prefixOn, worldOf } from "./old-prefix.ts";

const to = "/srv/new";
const wanted = { to, link: "hardlink", force: false } as const;

type Files = Record<string, string>;

/** What a person sees, without tenon's own. */
function filesAt(disk: SimulatedDisk, place: string): Files | undefined {
  if (!exists(disk, place)) return undefined;
  const seen = Object.entries(disk.snapshot(place)).filter(([path]) => !path.startsWith("var"));
  return Object.fromEntries(seen.map(([path, entry]) => [path, JSON.stringify(entry)]));
}

function isSound(disk: SimulatedDisk, place: string): boolean {
  const layout = layoutOf(place);
  const records = readRecords(disk, layout);
  return records.size === 2 && verifyRecords(disk, layout, records.values()).length === 0;
}

interface Ends {
  readonly old: Files | undefined;
  readonly next: Files | undefined;
}

/** Gives which is whole. */
function expectOneWhole(disk: SimulatedDisk, ends: Ends, label: string): "old" | "new" {
  const [before, after] = [filesAt(disk, old), filesAt(disk, to)];
  if (before !== undefined) {
    expect({ label, before }).toEqual({ label, before: ends.old });
    expect({ label, isSound: isSound(disk, old) }).toEqual({ label, isSound: true });
  }
  if (after !== undefined) {
    expect({ label, after }).toEqual({ label, after: ends.next });
    expect({ label, isSound: isSound(disk, to) }).toEqual({ label, isSound: true });
  }
  expect({ label, isThere: before !== undefined || after !== undefined }).toMatchObject({
    isThere: true,
  });
  return before === undefined ? "new" : "old";
}

async function endsOfMove(): Promise<Ends & { readonly operations: number }> {
  const world = await plantOld();
  const before = filesAt(world.disk, old);
  world.disk.plan({});
  await movePrefix(prefixOn(world), wanted);
  const operations = world.disk.operations.length;
  return { old: before, next: filesAt(world.disk, to), operations };
}

/** Finishes it, or says what to do; nothing is lost by that. */
async function repeat(disk: SimulatedDisk, ends: Ends, label: string): Promise<void> {
  const world = worldOf(disk);
  const said = await movePrefix(prefixOn(world), wanted).catch((error: unknown) => error);
  const isDone = !(said instanceof Error);
  if (!isDone) expect({ label, said }).toMatchObject({ label, said: { code: expect.any(String) } });
  if (!isDone && !(said instanceof TenonError)) throw said;
  const whole = expectOneWhole(disk, ends, `${label}, again`);
  expect({ label, whole: isDone ? whole : "new" }).toEqual({ label, whole: "new" });
}

test("killed before every operation, and moved again", async () => {
  const ends = await endsOfMove();
  for (let at = 0; at < ends.operations; at += 1) {
    const { disk } = await plantOld();
    disk.plan({ stopAt: at });
    await expect(movePrefix(prefixOn(worldOf(disk)), wanted)).rejects.toThrow(SimulatedStop);
    const next = disk.copy();
    expectOneWhole(next, ends, `killed at ${at}`);
    const both = exists(next, old) && exists(next, to);
    if (!both) await repeat(next, ends, `killed at ${at}`);
  }
  expect(ends.operations).toBeGreaterThan(50);
});

test("unplugged before every operation", async () => {
  const ends = await endsOfMove();
  for (let at = 0; at < ends.operations; at += 7) {
    const { disk } = await plantOld();
    disk.plan({ stopAt: at });
    await expect(movePrefix(prefixOn(worldOf(disk)), wanted)).rejects.toThrow(SimulatedStop);
    for (const loss of powerLosses(disk))
      expectOneWhole(loss.disk, ends, `unplugged at ${at}: ${loss.label}`);
  }
});

test("every operation fails: the prefix is whole", async () => {
  const ends = await endsOfMove();
  for (let n = 0; n < ends.operations; n += 1) {
    const { disk } = await plantOld();
    disk.plan({ failAt: { n, code: "EIO" } });
    await movePrefix(prefixOn(worldOf(disk)), wanted).catch((error: unknown) => {
      if (!(error instanceof TenonError) && !isDiskError(error)) throw error;
    });
    expectOneWhole(disk.crash(), ends, `operation ${n} failed`);
  }
});

test("a tree that is put right where it is: killed before every operation, it is the old or the new one", async () => {
  const plant = async (): Promise<SimulatedDisk> => {
    const { disk } = await plantOld();
    disk.plant("/srv", {});
    disk.rename(old, to);
    disk.syncFileSystem("/");
    return disk;
  };
  const relocate = (disk: SimulatedDisk): Promise<unknown> =>
    relocateTree(prefixOn(worldOf(disk)), wanted);
  const disk = await plant();
  const before = filesAt(disk, to);
  disk.plan({});
  await relocate(disk);
  const after = filesAt(disk, to);
  const { length } = disk.operations;
  for (let at = 0; at < length; at += 1) {
    const dying = await plant();
    dying.plan({ stopAt: at });
    await expect(relocate(dying)).rejects.toThrow(SimulatedStop);
    const next = dying.copy();
    expect([JSON.stringify(before), JSON.stringify(after)]).toContain(
      JSON.stringify(filesAt(next, to)),
    );
    await relocate(next);
    expect(filesAt(next, to)).toEqual(after);
  }
});
