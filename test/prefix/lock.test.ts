/** The lock of a prefix: waiting, names of holders, refusals. */
import { describe, expect, test } from "vitest";
import {
  lastHolding,
  layoutOf,
  lockPrefix,
  makeLayout,
  tryLockPrefix,
} from "../../src/prefix/index.ts";
import { readText } from "../../src/world/index.ts";
import {
  createSimulatedDisk,
  createSimulatedWorld,
  type SimulatedDisk,
} from "../../src/world/simulated/index.ts";

const layout = layoutOf("/opt/p");

function machine(): { disk: SimulatedDisk; other: SimulatedDisk } {
  const disk = createSimulatedDisk();
  makeLayout(disk, layout);
  return { disk, other: disk.asProcess("other") };
}

test("a free lock is ours at once, and says whose it is", async () => {
  const { disk } = machine();
  const world = createSimulatedWorld({ disk });
  await lockPrefix(world, layout, { activity: "tenon build", onWait: () => expect.fail() });
  const holder: unknown = JSON.parse(readText(disk, layout.lock));
  expect(holder).toMatchObject({
    pid: world.processes.ownId,
    host: "simulated",
    activity: "tenon build",
    sinceMs: world.clock.now(),
  });
});

test("a taken lock is waited for, and the holder is named once", async () => {
  const { disk, other } = machine();
  const held = tryLockPrefix(createSimulatedWorld({ disk: other }), layout, "tenon build");
  const world = createSimulatedWorld({ disk, clock: { autoAdvance: false } });
  const told: string[] = [];
  let isOurs = false;
  const lock = lockPrefix(world, layout, {
    activity: "tenon remove",
    onWait: (text) => void told.push(text),
  }).then(() => (isOurs = true));
  const wait = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 100) {
      world.clock.advance(100);
      await Promise.resolve();
      await Promise.resolve();
    }
  };
  await wait(60_000);
  expect(isOurs).toBe(false);
  held?.release();
  await wait(1_000);
  await lock;
  expect(isOurs).toBe(true);
  expect(told).toEqual([
    expect.stringMatching(
      `^process ${other.processId} \\(tenon build, since \\d\\d:\\d\\d:\\d\\d\\), which is changing `,
    ),
  ]);
});

test("the lock of a dead process is free", async () => {
  const { disk, other } = machine();
  expect(tryLockPrefix(createSimulatedWorld({ disk: other }), layout, "x")).toBeDefined();
  expect(tryLockPrefix(createSimulatedWorld({ disk }), layout, "y")).toBeUndefined();
  other.crash();
  expect(tryLockPrefix(createSimulatedWorld({ disk }), layout, "y")).toBeDefined();
});

describe("who would not wait is refused, with the holder's name if there is one", () => {
  test.each([
    ["a holder", '{"pid":7,"host":"h","activity":"tenon build","sinceMs":0}', "process 7 (tenon b"],
    ["one that has not written yet", "", "another process"],
    ["half a text", '{"pid":7,"ho', "another process"],
    ["null", "null", "another process"],
    ["something else", "7", "another process"],
  ])("%s", async (_name, text, who) => {
    const { disk, other } = machine();
    const held = other.tryLock(layout.lock);
    held?.describe(text);
    const world = createSimulatedWorld({ disk });
    await expect(lockPrefix(world, layout, { activity: "x", noWait: true })).rejects.toMatchObject({
      code: "PREFIX_LOCKED",
      message: expect.stringContaining(who),
    });
  });
});

test("a holder who is dead is not named, nor a later process of his number", async () => {
  const { disk, other } = machine();
  tryLockPrefix(createSimulatedWorld({ disk: other }), layout, "tenon build");
  const written = readText(disk, layout.lock);
  const third = other.crash().asProcess("third");
  third.tryLock(layout.lock); // has written nothing yet
  const refusalNow = (): Promise<unknown> =>
    lockPrefix(createSimulatedWorld({ disk }), layout, { activity: "x", noWait: true }).catch(
      (error: Error) => error.message,
    );
  expect(await refusalNow()).toContain("another process");
  const reused = written.replace(/"pid":\d+/, `"pid":${third.processId}`);
  disk.removeFile(layout.lock);
  third.tryLock(layout.lock)?.describe(reused);
  expect(await refusalNow()).toContain("another process");
});

test("only who may write the prefix may open its lock", async () => {
  const { disk } = machine();
  const world = createSimulatedWorld({ disk });
  (await lockPrefix(world, layout, { activity: "x" })).release();
  expect(disk.status(layout.lock)?.mode).toBe(0o600);
  disk.setMode(layout.state, 0o2775);
  (await lockPrefix(world, layout, { activity: "x" })).release();
  expect(disk.status(layout.lock)?.mode).toBe(0o660);
});

test("a lock that cannot be described is given back", () => {
  const { disk, other } = machine();
  disk.createFile(layout.lock, "", 0o600);
  disk.plan({ failAt: { n: 1, code: "ENOSPC" } });
  expect(() => tryLockPrefix(createSimulatedWorld({ disk }), layout, "x")).toThrow("ENOSPC");
  expect(other.tryLock(layout.lock)).toBeDefined();
});

test("the waiting ends when the person says stop", async () => {
  const { disk, other } = machine();
  tryLockPrefix(createSimulatedWorld({ disk: other }), layout, "tenon build");
  const stop = new AbortController();
  const waiting = lockPrefix(createSimulatedWorld({ disk }), layout, {
    activity: "tenon remove",
    onWait: () => stop.abort(),
    signal: stop.signal,
  });
  await expect(waiting).rejects.toMatchObject({ kind: "interrupted", code: "INTERRUPTED" });
});

test("whether somebody has had the lock since can be told", async () => {
  const { disk } = machine();
  const world = createSimulatedWorld({ disk });
  expect(lastHolding(world, layout)).toBe("");
  const first = await lockPrefix(world, layout, { activity: "one" });
  expect(first.previous).toBe("");
  expect(lastHolding(world, layout)).toBeUndefined();
  first.release();
  const holding = lastHolding(world, layout);
  expect(holding).toBe(readText(disk, layout.lock));
  const second = await lockPrefix(world, layout, { activity: "one" });
  expect(second.previous).toBe(holding);
  second.release();
  expect(lastHolding(world, layout)).not.toBe(holding);
});
