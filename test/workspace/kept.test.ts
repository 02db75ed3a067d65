/** What failed builds have left is kept for the shell. */
import { expect, test } from "vitest";
import { keepFailed, openKept, releaseAllKept, releaseKept } from "../../src/workspace/kept.ts";
import { removeAbandonedScratch } from "../../src/run/scratch.ts";
import { exists, removeTree } from "../../src/world/index.ts";
import { directory, openWorkspace, reopen, type Workspace } from "./workspace.ts";

const entry = { step: "make", directory: "/p/src", environment: {} };
const whole = JSON.stringify(entry);
const first = "0123456789abcdef-1";
const second = "fedcba9876543210-2";
const dayMs = 24 * 60 * 60 * 1000;

function fail({ disk, session }: Workspace, scratch: string, text = whole): boolean {
  disk.plant(`${session.store.layout.scratch}/${scratch}`, { "entry.json": text });
  return keepFailed(session, "a", scratch);
}

function scratchOf({ disk, session }: Workspace): string[] {
  return disk.list(session.store.layout.scratch).map(({ name }) => name);
}

test("what is kept is not abandoned, and can be gone to, by one at a time", () => {
  const workspace = openWorkspace({ a: {} });
  expect(fail(workspace, first)).toBe(true);
  const next = reopen(workspace.disk);
  removeAbandonedScratch(next.session);
  expect(scratchOf(next)).toEqual([first]);
  const kept = openKept(next.session, "a");
  expect(kept?.entry).toEqual(entry);
  expect(openKept(next.session, "a")).toBeUndefined();
  kept?.lock.release();
  expect(openKept(next.session, "b")).toBeUndefined();
});

test("what its workspace does not remember is abandoned", () => {
  const workspace = openWorkspace({ a: {} });
  fail(workspace, first);
  removeTree(workspace.disk, workspace.session.state.kept);
  removeAbandonedScratch(workspace.session);
  expect(scratchOf(workspace)).toEqual([]);
});

test("what no build's lock is for goes when it is a week old", async () => {
  const workspace = openWorkspace({ a: {} });
  const { world, disk, session } = workspace;
  const id = "0123456789abcdef";
  const names = [id, `download-${id.repeat(4)}`, `probe-${id}`];
  for (const name of names) disk.plant(`${session.store.layout.scratch}/${name}`, { a: "a" });
  await world.clock.sleep(6 * dayMs);
  removeAbandonedScratch(session);
  expect(scratchOf(workspace)).toEqual(names);
  await world.clock.sleep(2 * dayMs);
  removeAbandonedScratch(session);
  expect(scratchOf(workspace)).toEqual([]);
});

test("a build waits a second for it, and leaves the rest to the next one", () => {
  const workspace = openWorkspace({ a: {} });
  const { world, disk, session } = workspace;
  const names = ["1", "2", "3", "4"].map((digit) => `${digit.repeat(16)}-1`);
  for (const name of names) disk.plant(`${session.store.layout.scratch}/${name}`, { a: "a" });
  let nowMs = 0;
  const clock = { ...world.clock, now: () => (nowMs += 400) };
  removeAbandonedScratch({ ...session, world: { ...world, clock } });
  expect(scratchOf(workspace)).toEqual(names.slice(2));
  removeAbandonedScratch(session);
  expect(scratchOf(workspace)).toEqual([]);
});

test("what is not called as tenon calls its own stays, however old", async () => {
  const workspace = openWorkspace({ a: {} });
  const { world, disk, session } = workspace;
  const names = ["data", "0123456789abcdef.bak", "0123456789abcdef".repeat(4), "my-project"].sort();
  for (const name of names) disk.plant(`${session.store.layout.scratch}/${name}`, { a: "a" });
  await world.clock.sleep(80 * dayMs);
  removeAbandonedScratch(session);
  expect(scratchOf(workspace)).toEqual(names);
});

test("a later failure takes the place of the first, which goes when nobody is in it", () => {
  const workspace = openWorkspace({ a: {} });
  fail(workspace, first);
  fail(workspace, second);
  expect(scratchOf(workspace)).toEqual([second]);
  const inside = openKept(workspace.session, "a");
  fail(workspace, first);
  removeAbandonedScratch(workspace.session);
  expect(scratchOf(workspace)).toEqual([first, second]);
  inside?.lock.release();
  removeAbandonedScratch(workspace.session);
  expect(scratchOf(workspace)).toEqual([first]);
});

test("where no step has failed, there is nothing to keep", () => {
  const workspace = openWorkspace({ a: {} });
  expect(fail(workspace, first, '{"step":')).toBe(false);
  expect(exists(workspace.disk, `${workspace.session.state.kept}/a`)).toBe(false);
});

test("it is given up for one package, or for all of the workspace", () => {
  const workspace = openWorkspace({ a: {} });
  fail(workspace, first);
  releaseKept(workspace.session, "a");
  expect(scratchOf(workspace)).toEqual([]);
  fail(workspace, second);
  const options = { directory, store: workspace.session.store.layout.root };
  expect(releaseAllKept(workspace.world, options)).toEqual(["a"]);
  expect(releaseAllKept(workspace.world, options)).toEqual([]);
  expect(scratchOf(workspace)).toEqual([]);
  expect(releaseAllKept(workspace.world, { ...options, directory: "/home" })).toEqual([]);
});
