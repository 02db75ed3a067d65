/** `tenon gc --store` beside commands that use the store, and killed at each of its calls. */
import { beforeEach, describe, expect, test } from "vitest";
import { digestOf, makeManifest } from "../../src/core/index.ts";
import { layoutOf, openStore, removeGarbage, type Store } from "../../src/store/index.ts";
import { createSimulatedDisk, createSimulatedWorld } from "../../src/world/simulated/index.ts";
import type { SimulatedDisk } from "../../src/world/simulated/index.ts";

const root = "/home/u/store";
const layout = layoutOf(root);
const key = digestOf("key");
const hourMs = 3_600_000;

let machine: SimulatedDisk;
beforeEach(() => {
  machine = createSimulatedDisk();
  machine.plant("/home/u", {});
});

/** As another process sees it, so many hours later. */
function process(name: string, hours = 0) {
  const world = createSimulatedWorld({ disk: machine.asProcess(name) });
  return { ...world, clock: { ...world.clock, now: () => world.clock.now() + hours * hourMs } };
}

function fill(store: Store, disk: Pick<SimulatedDisk, "makeDirectory" | "createFile">): string {
  const stage = store.makeScratch("stage");
  disk.makeDirectory(`${stage}/tree`);
  disk.createFile(`${stage}/tree/f`, "x");
  const id = store.addArtifact(
    `${stage}/tree`,
    makeManifest([{ type: "file", path: "f", mode: 0o644, sizeBytes: 1, sha256: digestOf("x") }]),
  );
  store.recordKey(key, { artifact: id, package: "p", version: "1", builtAtMs: 1, durationMs: 1 });
  store.removeScratch("stage");
  return id;
}

function collect(name: string, { hours = 48, keepHours = 24, dryRun = false } = {}) {
  const world = process(name, hours);
  const rules = () => ({
    held: new Set<string>(),
    sinceMs: world.clock.now() - keepHours * hourMs,
  });
  return removeGarbage(world, layout, rules, { dryRun, noWait: true });
}

/** A command that has ended. */
function used(): string {
  const world = process("build");
  const id = fill(openStore(world, root, { sync: false }), world.disk);
  world.disk.crash();
  return id;
}

test("what nobody used for long goes, with its key, and a dry run only says so", async () => {
  const id = used();
  expect((await collect("plan", { dryRun: true })).items).toMatchObject([{ name: id }]);
  expect(machine.status(layout.artifact(id))).toBeDefined();
  const { items, notes, leftBytes } = await collect("gc");
  expect(items).toMatchObject([{ kind: "artifact", name: id, sizeBytes: 1 }]);
  expect(notes).toMatchObject([{ name: key }]);
  expect(leftBytes).toBe(0);
  expect(machine.status(layout.artifact(id))).toBeUndefined();
  expect(machine.status(layout.key(key))).toBeUndefined();
  expect(machine.list(layout.scratch)).toEqual([]);
});

test("what was looked up again since stays", async () => {
  const id = used();
  const later = process("again", 40);
  expect(openStore(later, root, { sync: false }).lookUp(key)?.artifact).toBe(id);
  later.disk.crash();
  expect((await collect("gc")).items).toEqual([]);
});

describe("while a command uses the store", () => {
  test("nothing goes, and then what is left", async () => {
    const id = used();
    const running = process("running");
    openStore(running, root, { sync: false });
    await expect(collect("gc")).rejects.toThrow(`using the store ${root}`);
    expect(machine.status(layout.artifact(id))).toBeDefined();
    running.disk.crash();
    expect((await collect("gc")).items).toHaveLength(1);
  });

  test("two that remove garbage do not meet, and a command does not begin meanwhile", async () => {
    used();
    const lock = process("first").disk.tryLock(layout.lock("gc"));
    expect(lock).toBeDefined();
    await expect(collect("second")).rejects.toThrow(`using the store ${root}`);
    expect(() => openStore(process("build"), root, { sync: false })).toThrow(
      `another process is removing garbage from the store ${root}`,
    );
  });
});

test("killed at any call, it leaves a store that works, and the next one ends it", async () => {
  for (let at = 0; ; at += 1) {
    machine = createSimulatedDisk();
    machine.plant("/home/u", {});
    used();
    const world = process("killed", 48);
    const dying = machine.asProcess("dying");
    dying.plan({ before: (number) => void (number === at && dying.crash()) });
    const rules = () => ({ held: new Set<string>(), sinceMs: world.clock.now() });
    const ended = await removeGarbage({ ...world, disk: dying }, layout, rules, {
      dryRun: false,
      noWait: true,
    }).then(
      () => true,
      () => false,
    );
    machine.plan({});
    const next = process("next");
    const store = openStore(next, root, { sync: false });
    const found = store.lookUp(key);
    if (found !== undefined) expect(store.examine(found.artifact)).toBeDefined();
    next.disk.crash();
    await collect("gc");
    expect(machine.list(`${root}/artifacts`)).toEqual([]);
    expect(machine.list(layout.scratch)).toEqual([]);
    if (ended) return;
  }
});
