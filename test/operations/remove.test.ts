/** Removing packages: what is refused, what is left by another process, and what is only planned. */
import { beforeEach, expect, test } from "vitest";
import type { EventBody } from "../../src/core/index.ts";
import type { Ended, OpenPrefix } from "../../src/operations/operate.ts";
import { listPackages } from "../../src/operations/queries.ts";
import { type Removed, removePackages } from "../../src/operations/remove.ts";
import { tryLockPrefix } from "../../src/prefix/index.ts";
import { joinPackages } from "../../src/run/join.ts";
import { directory, openWorkspace, pretendBuild, type Workspace } from "../workspace/workspace.ts";

let workspace: Workspace;
let prefix: OpenPrefix;
beforeEach(async () => {
  workspace = openWorkspace({ app: { run: ["lib"] }, lib: {} });
  const { session, world } = workspace;
  pretendBuild(workspace, "lib", { "lib/lib": "1" });
  pretendBuild(workspace, "app", { "bin/app": "1" });
  await joinPackages(session, workspace.resolver, ["lib", "app"]);
  prefix = { ...session.options, world, layout: session.layout };
  workspace.events.length = 0;
});

function remove(names: string[], how: Partial<OpenPrefix> = {}): Promise<Ended<Removed>> {
  return removePackages({ ...prefix, ...how }, { names, force: false });
}

function installed(): string[] {
  return listPackages(prefix.world, prefix.layout).map(({ name }) => name);
}

function done(...removed: string[]): Ended<Removed> {
  return { kind: "done", value: { kind: "removed", removed } };
}

test("what others need at run time is removed with them, or by force", async () => {
  await expect(remove(["lib"])).rejects.toThrow("not removed: app needs lib");
  await expect(remove(["lbi"])).rejects.toThrow("lbi is not installed");
  expect(installed()).toEqual(["app", "lib"]);
  expect(await removePackages(prefix, { names: ["lib"], force: true })).toEqual(done("lib"));
  expect(await remove(["app", "app"])).toEqual(done("app"));
  expect(installed()).toEqual([]);
});

test("the event says what has left", async () => {
  await remove(["lib", "app"]);
  expect(workspace.events).toMatchObject([
    {
      kind: "note",
      text: expect.stringContaining(`next build of ${directory} brings lib, app back`),
    },
    { kind: "prefix-changed", packages: [], removed: ["lib", "app"] },
  ]);
});

test("a dry run says what would leave, and changes nothing", async () => {
  const before = workspace.disk.snapshot("/");
  expect(await remove(["lib", "app"], { dryRun: true })).toEqual({
    ...done("lib", "app"),
    kind: "planned",
  });
  await expect(remove(["lib"], { dryRun: true })).rejects.toThrow("app needs lib");
  expect(workspace.disk.snapshot("/")).toEqual(before);
  expect(workspace.events).toMatchObject([{ kind: "note" }]);
});

/** Does something to the prefix while a removal waits for its lock. */
async function meanwhile(names: string[], act: (other: OpenPrefix) => unknown): Promise<unknown> {
  const world = { ...prefix.world, disk: workspace.disk.asProcess("other") };
  const lock = tryLockPrefix(world, prefix.layout, "tenon remove");
  let acted: Promise<unknown> | undefined;
  const emit = (event: EventBody): void => {
    prefix.emit(event);
    if (event.kind !== "waiting") return;
    lock?.release();
    acted ??= Promise.resolve(act({ ...prefix, world }));
  };
  const removing = remove(names, { emit }).catch((error: unknown) => error);
  const ended = await removing;
  await acted;
  return ended;
}

test("what another process has removed meanwhile is not said to be removed", async () => {
  const faster = (names: string[]) => (other: OpenPrefix) =>
    removePackages(other, { names, force: true });
  expect(await meanwhile(["app", "lib"], faster(["lib"]))).toEqual(done("app"));
  expect(installed()).toEqual([]);
  expect(workspace.events).toContainEqual(expect.objectContaining({ removed: ["app"] }));
});

test("what needs it and came meanwhile is seen under the lock", async () => {
  await remove(["app"]);
  const { session, resolver } = workspace;
  const ended = await meanwhile(["lib"], () => joinPackages(session, resolver, ["app"]));
  expect(ended).toMatchObject({ code: "STILL_NEEDED" });
  expect(installed()).toEqual(["app", "lib"]);
});

test("who would not wait is refused at once", async () => {
  const other = { ...prefix.world, disk: workspace.disk.asProcess("other") };
  tryLockPrefix(other, prefix.layout, "tenon build");
  await expect(remove(["app"], { noWait: true })).rejects.toMatchObject({
    code: "PREFIX_LOCKED",
    message: expect.stringMatching(/^process \d+ \(tenon build, since .*\) is changing /),
  });
});
